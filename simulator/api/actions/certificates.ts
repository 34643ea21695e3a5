import { randomInt } from 'node:crypto';
import type { Cloud } from '../../cloud.ts';
import type { CaCertificate, ServerCertificate } from '../../state/model.ts';
import { type Action, action, done } from '../action.ts';
import { invalid, refuse } from '../errors.ts';
import { hasTags, tagList, timeFields } from '../formats.ts';
import { required, tags, text } from '../parameters.ts';
import { readCaCertificate, readServerCertificate } from '../uploads.ts';

/** Certificates of one kind that one region holds. */
const QUOTA = 100;

const regionId = text();
const name = text({ length: [1, 80] });

const uploadServerCertificate = action(
  {
    RegionId: required(regionId),
    ServerCertificate: text(),
    PrivateKey: text(),
    ServerCertificateName: name,
    AliCloudCertificateId: text(),
    ResourceGroupId: text(),
    Tag: tags(),
  },
  (cloud, values) => {
    if (values.AliCloudCertificateId !== undefined) {
      throw invalid('The specified parameter AliCloudCertificateId is not Support.');
    }
    if (values.ServerCertificate === undefined || values.PrivateKey === undefined) {
      throw invalid('The specified parameter ServerCertificate or Key is empty.');
    }
    checkQuota(cloud.state.serverCertificates, values.RegionId);
    const { pem, ...uploaded } = readServerCertificate(values.ServerCertificate, values.PrivateKey);
    const certificate: ServerCertificate = {
      ...filed(cloud, values.RegionId, values.ServerCertificateName, values.ResourceGroupId, values.Tag),
      ...uploaded,
      pem,
    };
    cloud.state.serverCertificates.push(certificate);
    return describeServer(certificate);
  },
);

const uploadCaCertificate = action(
  {
    RegionId: required(regionId),
    CACertificate: required(text()),
    CACertificateName: name,
    ResourceGroupId: text(),
    Tag: tags(),
  },
  (cloud, values) => {
    checkQuota(cloud.state.caCertificates, values.RegionId);
    const { alternativeNames: _, ...uploaded } = readCaCertificate(values.CACertificate);
    const certificate: CaCertificate = {
      ...filed(cloud, values.RegionId, values.CACertificateName, values.ResourceGroupId, values.Tag),
      ...uploaded,
    };
    cloud.state.caCertificates.push(certificate);
    return describeCa(certificate);
  },
);

const describeServerCertificates = action(
  { RegionId: regionId, ServerCertificateId: text(), ResourceGroupId: text(), Tag: tags() },
  (cloud, values) => {
    const found = select(cloud.state.serverCertificates, {
      id: values.ServerCertificateId,
      regionId: values.RegionId ?? cloud.defaultRegionId,
      resourceGroupId: values.ResourceGroupId,
    });
    const tagged = found.filter((certificate) => hasTags(certificate.tags, values.Tag));
    const ServerCertificate = tagged.map((certificate) => ({
      ...describeServer(certificate),
      Tags: tagList(certificate.tags),
    }));
    return { ServerCertificates: { ServerCertificate } };
  },
);

const describeCaCertificates = action(
  { RegionId: required(regionId), CACertificateId: text(), ResourceGroupId: text(), Tag: tags() },
  (cloud, values) => {
    const found = select(cloud.state.caCertificates, {
      id: values.CACertificateId,
      regionId: values.RegionId,
      resourceGroupId: values.ResourceGroupId,
    });
    const tagged = found.filter((certificate) => hasTags(certificate.tags, values.Tag));
    const CACertificate = tagged.map((certificate) => ({
      ...describeCa(certificate),
      Tags: tagList(certificate.tags),
    }));
    return { CACertificates: { CACertificate } };
  },
);

const deleteServerCertificate = action(
  { RegionId: regionId, ServerCertificateId: required(text()) },
  (cloud, values) => {
    const certificate = serverCertificate(cloud, values.ServerCertificateId, values.RegionId);
    if (isUsed(cloud, certificate.id)) throw refuse('CertificateAndPrivateKeyIsRefered');
    cloud.state.serverCertificates = cloud.state.serverCertificates.filter((c) => c !== certificate);
    return done;
  },
);

const deleteCaCertificate = action(
  { RegionId: required(regionId), CACertificateId: required(text()) },
  (cloud, values) => {
    const certificate = caCertificate(cloud, values.CACertificateId, values.RegionId);
    if (isUsed(cloud, certificate.id)) throw refuse('CertificateAndPrivateKeyIsRefered');
    cloud.state.caCertificates = cloud.state.caCertificates.filter((c) => c !== certificate);
    return done;
  },
);

const setServerCertificateName = action(
  {
    RegionId: required(regionId),
    ServerCertificateId: required(text()),
    ServerCertificateName: required(name),
  },
  (cloud, values) => {
    serverCertificate(cloud, values.ServerCertificateId, values.RegionId).name = values.ServerCertificateName;
    return done;
  },
);

const setCaCertificateName = action(
  { RegionId: required(regionId), CACertificateId: required(text()), CACertificateName: required(name) },
  (cloud, values) => {
    caCertificate(cloud, values.CACertificateId, values.RegionId).name = values.CACertificateName;
    return done;
  },
);

export const certificateActions: Readonly<Record<string, Action>> = {
  UploadServerCertificate: uploadServerCertificate,
  UploadCACertificate: uploadCaCertificate,
  DescribeServerCertificates: describeServerCertificates,
  DescribeCACertificates: describeCaCertificates,
  DeleteServerCertificate: deleteServerCertificate,
  DeleteCACertificate: deleteCaCertificate,
  SetServerCertificateName: setServerCertificateName,
  SetCACertificateName: setCaCertificateName,
};

/** @throws ApiError `ServerCertificateId.NotFound`, also when it is in another region. */
export function serverCertificate(
  cloud: Cloud,
  id: string,
  region = cloud.defaultRegionId,
): ServerCertificate {
  const [found] = select(cloud.state.serverCertificates, { id, regionId: region });
  if (found === undefined) throw refuse('ServerCertificateId.NotFound');
  return found;
}

/** @throws ApiError `CACertificateId.NotFound`, also when it is in another region. */
export function caCertificate(cloud: Cloud, id: string, region = cloud.defaultRegionId): CaCertificate {
  const [found] = select(cloud.state.caCertificates, { id, regionId: region });
  if (found === undefined) throw refuse('CACertificateId.NotFound');
  return found;
}

function select<C extends CaCertificate>(
  certificates: readonly C[],
  wanted: { id?: string | undefined; regionId: string; resourceGroupId?: string | undefined },
): C[] {
  return certificates.filter(
    (certificate) =>
      certificate.regionId === wanted.regionId &&
      (wanted.id === undefined || certificate.id === wanted.id) &&
      (wanted.resourceGroupId === undefined || certificate.resourceGroupId === wanted.resourceGroupId),
  );
}

function checkQuota(certificates: readonly CaCertificate[], region: string): void {
  if (select(certificates, { regionId: region }).length >= QUOTA) throw refuse('OverQuota');
}

function isUsed(cloud: Cloud, certificateId: string): boolean {
  return cloud.state.loadBalancers.some(({ listeners }) =>
    listeners.some(
      ({ settings }) =>
        settings.ServerCertificateId === certificateId || settings.CACertificateId === certificateId,
    ),
  );
}

function filed(
  cloud: Cloud,
  region: string,
  certificateName = '',
  resourceGroupId = 'rg-practice',
  certificateTags: ServerCertificate['tags'] | readonly ServerCertificate['tags'][number][] = [],
) {
  const millis = cloud.clock().getTime();
  return {
    // The shape of the real ones: account, time in hex, and two numbers.
    id: `1000000000000001_${millis.toString(16)}_${randomInt(1e9, 2e9)}_-${randomInt(1e9, 2e9)}`,
    regionId: region,
    name: certificateName,
    createdAt: cloud.now(),
    resourceGroupId,
    tags: [...certificateTags],
  };
}

function describeServer(certificate: ServerCertificate): Record<string, unknown> {
  return {
    ServerCertificateId: certificate.id,
    ServerCertificateName: certificate.name,
    Fingerprint: certificate.fingerprint,
    CommonName: certificate.commonName,
    SubjectAlternativeNames: { SubjectAlternativeName: certificate.alternativeNames },
    IsAliCloudCertificate: 0,
    AliCloudCertificateId: '',
    AliCloudCertificateName: '',
    RegionId: certificate.regionId,
    ResourceGroupId: certificate.resourceGroupId,
    ...timeFields('CreateTime', certificate.createdAt),
    ...timeFields('ExpireTime', certificate.expiresAt),
  };
}

function describeCa(certificate: CaCertificate): Record<string, unknown> {
  return {
    CACertificateId: certificate.id,
    CACertificateName: certificate.name,
    Fingerprint: certificate.fingerprint,
    CommonName: certificate.commonName,
    RegionId: certificate.regionId,
    ResourceGroupId: certificate.resourceGroupId,
    ...timeFields('CreateTime', certificate.createdAt),
    ...timeFields('ExpireTime', certificate.expiresAt),
  };
}
