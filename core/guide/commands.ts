/**
 * The commands that a step stands for, with the names that are really used: the old way stays visible. They are
 * for reading and comparing; what the tutorial got wrong (md5, 1024 bits, a v1 CA) is right in them.
 */
import type { GuideProposal, GuideStepName } from '../../contract/guide.ts';
import type { GuideSubject } from './subject.ts';

export function commandsFor(
  step: GuideStepName,
  { account, asked, serverCertificate, authority, client, rollout }: GuideSubject,
  proposal: GuideProposal,
): string[] {
  const region = `--RegionId ${account?.regionId ?? 'REGION'}`;
  const host = serverCertificate?.hosts[0] ?? proposal.hosts[0] ?? 'www.example.com';
  const ca = quote(authority?.subject ?? 'CN=Client CA');
  const person = quote(client?.subject ?? 'CN=Client');
  const resources = rollout
    ? (JSON.parse(rollout.resources) as { loadBalancer?: { id?: string } | null })
    : {};
  const loadBalancer = resources.loadBalancer?.id ?? proposal.loadBalancerId ?? 'lb-…';
  switch (step) {
    case 'server-certificate':
      return [
        `openssl req -new -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj ${quote(`/CN=${host}`)} -addext subjectAltName=DNS:${host}`,
        'openssl rsa -in server.key -traditional -out server-pkcs1.key',
      ];
    case 'authority':
      return [
        `openssl req -x509 -new -newkey rsa:4096 -sha256 -days 3650 -keyout ca.key -out ca.crt -subj ${ca} -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign`,
        'touch index.txt; echo 01 > serial; openssl ca -gencrl -out ca.crl',
      ];
    case 'client-certificate':
      return [
        `openssl req -new -newkey rsa:2048 -nodes -keyout client.key -out client.csr -subj ${person}`,
        'openssl ca -in client.csr -cert ca.crt -keyfile ca.key -md sha256 -days 365 -out client.crt',
        'openssl pkcs12 -export -legacy -inkey client.key -in client.crt -certfile ca.crt -out client.p12',
      ];
    case 'upload':
      return [
        `aliyun slb UploadServerCertificate ${region} --ServerCertificateName ${proposal.serverCertificate ?? 'NAME'} --ServerCertificate "$(cat server.crt)" --PrivateKey "$(cat server-pkcs1.key)"`,
        `aliyun slb UploadCACertificate ${region} --CACertificateName ${quote(proposal.authority ?? 'NAME')} --CACertificate "$(cat ca.crt)"`,
      ];
    case 'install':
      return [
        'pk12util -i client.p12 -d sql:$HOME/.pki/nssdb',
        'certutil -A -d sql:$HOME/.pki/nssdb -t CT,C,C -n CA -i ca.crt',
      ];
    case 'listener':
      return [
        `aliyun slb CreateLoadBalancerHTTPSListener ${region} --LoadBalancerId ${loadBalancer} --ListenerPort ${proposal.port} --BackendServerPort ${proposal.backendPort} --Scheduler ${asked?.listener.scheduler ?? 'rr'} --StickySession off --Bandwidth -1 --ServerCertificateId … --CACertificateId … --HealthCheck on --HealthCheckURI ${asked?.listener.healthCheck.uri ?? '/healthz'}`,
        `aliyun slb AddBackendServers ${region} --LoadBalancerId ${loadBalancer} --BackendServers ${quote(JSON.stringify(proposal.backends.map(({ serverId, weight }) => ({ ServerId: serverId, Weight: String(weight) }))))}`,
        `aliyun slb StartLoadBalancerListener ${region} --LoadBalancerId ${loadBalancer} --ListenerPort ${proposal.port}`,
      ];
    case 'test':
      return [
        `curl --cacert ca.crt --cert client.crt --key client.key https://${host}/`,
        `curl --cacert ca.crt https://${host}/`,
      ];
  }
}

/** For a shell; what is harmless stays as it is. */
function quote(text: string): string {
  return /^[\w=./:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
