import type { Action } from './action.ts';
import { backendServerActions } from './actions/backend-servers.ts';
import { certificateActions } from './actions/certificates.ts';
import { listenerActions } from './actions/listeners.ts';
import { loadBalancerActions } from './actions/load-balancers.ts';
import { placeActions } from './actions/places.ts';
import { tagActions } from './actions/tags.ts';
import { vServerGroupActions } from './actions/vserver-groups.ts';
import { refuse } from './errors.ts';

const actions = new Map<string, Action>(
  Object.entries({
    ...certificateActions,
    ...loadBalancerActions,
    ...listenerActions,
    ...backendServerActions,
    ...vServerGroupActions,
    ...tagActions,
    ...placeActions,
  }),
);

/** Actions of the real API that have no place in the seven steps. */
const notSimulated = new Set([
  'CreateLoadBalancerTCPListener',
  'CreateLoadBalancerUDPListener',
  'SetLoadBalancerHTTPListenerAttribute',
  'SetVServerGroupAttribute',
  'ModifyVServerGroupBackendServers',
  'SetLoadBalancerModificationProtection',
  'ModifyLoadBalancerInstanceSpec',
  'ModifyLoadBalancerInternetSpec',
  'CreateRules',
  'DescribeRules',
  'DeleteRules',
  'CreateDomainExtension',
  'DescribeDomainExtensions',
  'DeleteDomainExtension',
  'CreateTLSCipherPolicy',
  'SetTLSCipherPolicyAttribute',
  'DeleteTLSCipherPolicy',
  'CreateAccessControlList',
  'DescribeAccessControlLists',
  'DeleteAccessControlList',
  'CreateMasterSlaveServerGroup',
  'DescribeMasterSlaveServerGroups',
  'DeleteMasterSlaveServerGroup',
]);

/** @throws ApiError `UnsupportedOperation` for a real action that is not simulated, `InvalidAction.NotFound` else. */
export function findAction(name: string): Action {
  const found = actions.get(name);
  if (found !== undefined) return found;
  throw refuse(notSimulated.has(name) ? 'UnsupportedOperation' : 'InvalidAction.NotFound');
}
