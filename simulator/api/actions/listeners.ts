import type { Cloud } from '../../cloud.ts';
import { listenerKey } from '../../data-plane/configuration.ts';
import type { Listener, ListenerProtocol, LoadBalancer } from '../../state/model.ts';
import { type Action, action, done } from '../action.ts';
import { ApiError, invalid, missingInCombination, refuse } from '../errors.ts';
import {
  fixedAtCreation,
  httpDefaults,
  httpSettings,
  httpsDefaults,
  httpsSettings,
  type ListenerSettings,
  listenerName,
} from '../listener-fields.ts';
import { boolean, integer, list, oneOf, required, tags, text } from '../parameters.ts';
import { caCertificate, serverCertificate } from './certificates.ts';
import { describeHttpListener, describeHttpsListener, listListener } from './listener-descriptions.ts';
import { changeable } from './load-balancers.ts';

const LISTENERS_PER_LOAD_BALANCER = 50;

const createHttpsListener = action(
  {
    ...httpsSettings,
    ...fixedAtCreation,
    ...listenerName,
    Bandwidth: required(httpsSettings.Bandwidth),
    HealthCheck: required(httpsSettings.HealthCheck),
    Tag: tags(),
  },
  (cloud, values) => {
    const { LoadBalancerId, ListenerPort, RegionId, Tag, ...settings } = values;
    const loadBalancer = changeable(cloud.loadBalancer(LoadBalancerId, RegionId));
    if (settings.StickySession === undefined) throw missingInCombination('StickySession');
    if (settings.ServerCertificateId === undefined) {
      throw invalid('The specified parameter ServerCertificateId is empty.');
    }
    return create(cloud, loadBalancer, 'https', ListenerPort, { ...httpsDefaults, ...settings }, Tag);
  },
);

const createHttpListener = action(
  {
    ...httpSettings,
    ...fixedAtCreation,
    ...listenerName,
    HealthCheck: required(httpSettings.HealthCheck),
    Tag: tags(),
  },
  (cloud, values) => {
    const { LoadBalancerId, ListenerPort, RegionId, Tag, ...settings } = values;
    const loadBalancer = changeable(cloud.loadBalancer(LoadBalancerId, RegionId));
    return create(cloud, loadBalancer, 'http', ListenerPort, { ...httpDefaults, ...settings }, Tag);
  },
);

const setHttpsListenerAttribute = action(
  { ...httpsSettings, ...listenerName, DryRun: boolean(), VServerGroup: oneOf('on', 'off') },
  async (cloud, values) => {
    const { LoadBalancerId, ListenerPort, RegionId, DryRun, VServerGroup, ...changes } = values;
    const loadBalancer = changeable(cloud.loadBalancer(LoadBalancerId, RegionId));
    const listener = existing(cloud, loadBalancer, ListenerPort, 'https');
    if (listener.status === 'starting' || listener.status === 'stopping') {
      throw refuse('OperationFailed.ListenerStatusNotSupport');
    }
    const key = listenerKey(loadBalancer.id, listener.port, listener.protocol);
    if (cloud.isBusy(key)) throw refuse('ServiceIsConfiguring');

    const settings: ListenerSettings = { ...listener.settings, ...changes };
    if (VServerGroup === 'off') delete settings.VServerGroupId;
    checkSettings(cloud, loadBalancer, 'https', settings);
    if (DryRun === true) return done;
    listener.settings = settings;
    cloud.markBusy(key);
    await cloud.refresh(loadBalancer);
    return done;
  },
);

const describeHttpsListenerAttribute = action(listenerName, (cloud, values) => {
  const loadBalancer = cloud.loadBalancer(values.LoadBalancerId, values.RegionId);
  const listener = described(cloud, loadBalancer, values.ListenerPort, 'https');
  // Shortly after it was made, the real API answers 200 and nothing else.
  if (!cloud.isVisible(listener)) return done;
  return describeHttpsListener(loadBalancer, listener, cloud.simulatorEndpoint(loadBalancer, listener));
});

const describeHttpListenerAttribute = action(listenerName, (cloud, values) => {
  const loadBalancer = cloud.loadBalancer(values.LoadBalancerId, values.RegionId);
  const listener = described(cloud, loadBalancer, values.ListenerPort, 'http');
  if (!cloud.isVisible(listener)) return done;
  return describeHttpListener(loadBalancer, listener, cloud.simulatorEndpoint(loadBalancer, listener));
});

const namedListener = { ...listenerName, ListenerProtocol: oneOf('tcp', 'udp', 'http', 'https') };

const startListener = action(namedListener, (cloud, values) => {
  const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
  const listener = existing(cloud, loadBalancer, values.ListenerPort, values.ListenerProtocol);
  if (cloud.isBusy(listenerKey(loadBalancer.id, listener.port, listener.protocol)))
    throw refuse('Operation.Deny');
  if (listener.status === 'starting') throw refuse('ServiceIsConfiguring');
  if (listener.status === 'stopping') throw refuse('ServiceIsStopping');
  if (listener.status === 'running') throw refuse('Operation.NotAllowed');
  cloud.start(loadBalancer, listener);
  return done;
});

const stopListener = action(namedListener, async (cloud, values) => {
  const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
  const listener = existing(cloud, loadBalancer, values.ListenerPort, values.ListenerProtocol);
  if (listener.status === 'starting') throw refuse('ServiceIsConfiguring');
  if (listener.status === 'stopping') throw refuse('ServiceIsStopping');
  if (listener.status === 'running') await cloud.stop(loadBalancer, listener);
  return done;
});

const deleteListener = action(namedListener, async (cloud, values) => {
  const loadBalancer = changeable(cloud.loadBalancer(values.LoadBalancerId, values.RegionId));
  const listener = existing(cloud, loadBalancer, values.ListenerPort, values.ListenerProtocol);
  const key = listenerKey(loadBalancer.id, listener.port, listener.protocol);
  if (listener.status === 'starting' || cloud.isBusy(key)) throw refuse('ServiceIsConfiguring');
  if (listener.status === 'stopping') throw refuse('ServiceIsStopping');
  const forwards = loadBalancer.listeners.some(
    ({ settings }) => settings.ListenerForward === 'on' && settings.ForwardPort === listener.port,
  );
  if (forwards) throw refuse('ListenerForwardExist');
  await cloud.removeListener(loadBalancer, listener);
  return done;
});

const describeListeners = action(
  {
    RegionId: text(),
    LoadBalancerId: list(),
    ListenerProtocol: oneOf('tcp', 'udp', 'http', 'https'),
    ListenerPort: integer(1, 65535),
    Description: text(),
    MaxResults: integer(1, 100),
    NextToken: text(),
  },
  (cloud, values) => {
    const region = values.RegionId ?? cloud.defaultRegionId;
    const found = cloud.state.loadBalancers
      .filter((lb) => lb.regionId === region && (values.LoadBalancerId?.includes(lb.id) ?? true))
      .flatMap((lb) => lb.listeners.map((listener) => ({ lb, listener })))
      .filter(({ listener }) => cloud.isVisible(listener))
      .filter(
        ({ listener }) =>
          (values.ListenerProtocol === undefined || listener.protocol === values.ListenerProtocol) &&
          (values.ListenerPort === undefined || listener.port === values.ListenerPort) &&
          (values.Description === undefined || listener.settings.Description === values.Description),
      );
    const from = Number(values.NextToken ?? 0) || 0;
    const size = values.MaxResults ?? 20;
    const page = found.slice(from, from + size);
    return {
      Listeners: page.map(({ lb, listener }) => listListener(lb, listener)),
      MaxResults: size,
      TotalCount: found.length,
      ...(from + size < found.length ? { NextToken: String(from + size) } : {}),
    };
  },
);

export const listenerActions: Readonly<Record<string, Action>> = {
  CreateLoadBalancerHTTPSListener: createHttpsListener,
  CreateLoadBalancerHTTPListener: createHttpListener,
  SetLoadBalancerHTTPSListenerAttribute: setHttpsListenerAttribute,
  DescribeLoadBalancerHTTPSListenerAttribute: describeHttpsListenerAttribute,
  DescribeLoadBalancerHTTPListenerAttribute: describeHttpListenerAttribute,
  StartLoadBalancerListener: startListener,
  StopLoadBalancerListener: stopListener,
  DeleteLoadBalancerListener: deleteListener,
  DescribeLoadBalancerListeners: describeListeners,
};

function create(
  cloud: Cloud,
  loadBalancer: LoadBalancer,
  protocol: ListenerProtocol,
  port: number,
  settings: ListenerSettings,
  withTags: Listener['tags'] | readonly Listener['tags'][number][] = [],
) {
  if (cloud.isBusy(loadBalancer.id)) throw refuse('ServiceIsConfiguring');
  if (cloud.listener(loadBalancer, port) !== undefined) throw refuse('ListenerAlreadyExists');
  if (loadBalancer.listeners.length >= LISTENERS_PER_LOAD_BALANCER) throw refuse('ListenerNumberOverLimit');
  checkSettings(cloud, loadBalancer, protocol, settings);
  // A load balancer that went inactive because its last listener was removed comes back with the next one.
  if (loadBalancer.listeners.length === 0 && loadBalancer.status === 'inactive')
    loadBalancer.status = 'active';
  loadBalancer.listeners.push({
    port,
    protocol,
    createdAt: cloud.now(),
    status: 'stopped',
    settings,
    tags: [...withTags],
  });
  cloud.markBusy(listenerKey(loadBalancer.id, port, protocol));
  return done;
}

/** What has to fit together in the settings of a listener. @throws ApiError */
function checkSettings(
  cloud: Cloud,
  loadBalancer: LoadBalancer,
  protocol: ListenerProtocol,
  settings: ListenerSettings,
): void {
  const { ServerCertificateId, CACertificateId, VServerGroupId } = settings;
  if (ServerCertificateId !== undefined) {
    // An id of the certificate service, instead of one of ours, has no underscores.
    if (!ServerCertificateId.includes('_')) {
      throw invalid('The specified parameter ServerCertificateId is not Support.');
    }
    serverCertificate(cloud, ServerCertificateId, loadBalancer.regionId);
  }
  if (CACertificateId !== undefined) caCertificate(cloud, CACertificateId, loadBalancer.regionId);
  if (VServerGroupId !== undefined) {
    const known = cloud.state.vServerGroups.some(
      (group) => group.id === VServerGroupId && group.loadBalancerId === loadBalancer.id,
    );
    if (!known) throw new ApiError(404, 'InvalidParameter', 'The specified VServerGroupId does not exist.');
  }
  checkForward(cloud, loadBalancer, protocol, settings);
  checkStickiness(settings);
}

function checkForward(
  cloud: Cloud,
  loadBalancer: LoadBalancer,
  protocol: ListenerProtocol,
  settings: ListenerSettings,
): void {
  if (protocol === 'http' && settings.ListenerForward === 'on') {
    if (settings.ForwardPort === undefined) throw missingInCombination('ForwardPort');
    const goal = cloud.listener(loadBalancer, settings.ForwardPort, 'https');
    if (goal === undefined) throw invalid('The specified parameter ForwardPort is not valid.');
    return;
  }
  if (settings.VServerGroupId === undefined && settings.BackendServerPort === undefined) {
    throw missingInCombination('BackendServerPort');
  }
}

function checkStickiness(settings: ListenerSettings): void {
  if (settings.StickySession !== 'on') return;
  if (settings.StickySessionType === undefined) throw missingInCombination('StickySessionType');
  if (settings.StickySessionType === 'insert' && settings.CookieTimeout === undefined) {
    throw missingInCombination('CookieTimeout');
  }
  if (settings.StickySessionType === 'server' && settings.Cookie === undefined)
    throw missingInCombination('Cookie');
}

function existing(cloud: Cloud, loadBalancer: LoadBalancer, port: number, protocol?: string): Listener {
  const found = cloud.listener(loadBalancer, port, protocol);
  if (found === undefined) throw refuse('ListenerNotFound');
  return found;
}

/** Describe has other words than the rest of the API for a listener that is not there. */
function described(
  cloud: Cloud,
  loadBalancer: LoadBalancer,
  port: number,
  protocol: ListenerProtocol,
): Listener {
  const found = cloud.listener(loadBalancer, port, protocol);
  if (found === undefined) throw invalid('The specified resource does not exist.');
  return found;
}
