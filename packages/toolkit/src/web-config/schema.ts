import * as v from "valibot";
import { secretString } from "../yaml/schema-walk.ts";
import {
  CIPHER_SUITES,
  CLIENT_AUTH_TYPES,
  CURVES,
  TLS_VERSIONS,
  type TlsVersion,
} from "./tls-names.ts";

/** A decoded web.yml, with exporter-toolkit's defaults, before the files it names are read. */
export interface RawWebConfig {
  readonly tls_server_config: RawTlsConfig;
  readonly http_server_config: {
    readonly http2: boolean;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly basic_auth_users: Readonly<Record<string, string>>;
  readonly rate_limit: { readonly interval: string | number; readonly burst: number };
}

/** The section `tls_server_config`; empty strings stand for what is absent, as in Go. */
export interface RawTlsConfig {
  readonly cert: string;
  readonly key: string;
  readonly client_ca: string;
  readonly cert_file: string;
  readonly key_file: string;
  readonly client_ca_file: string;
  readonly client_auth_type: (typeof CLIENT_AUTH_TYPES)[number] | "";
  readonly client_allowed_sans?: readonly string[] | undefined;
  readonly min_version: TlsVersion;
  readonly max_version: TlsVersion;
  readonly cipher_suites: readonly string[];
  readonly curve_preferences: readonly string[];
  readonly prefer_server_cipher_suites: boolean;
}

const tlsVersion = v.picklist([...TLS_VERSIONS.keys()]);

/** The form of exporter-toolkit's web.yml; every section may be absent. */
export const webConfigSchema: v.GenericSchema<unknown, RawWebConfig> = v.strictObject({
  tls_server_config: v.optional(
    v.strictObject({
      cert: v.optional(v.string(), ""),
      key: v.optional(secretString(), ""),
      client_ca: v.optional(v.string(), ""),
      cert_file: v.optional(v.string(), ""),
      key_file: v.optional(v.string(), ""),
      client_ca_file: v.optional(v.string(), ""),
      client_auth_type: v.optional(v.picklist([...CLIENT_AUTH_TYPES, ""]), ""),
      client_allowed_sans: v.optional(v.array(v.string())),
      min_version: v.optional(tlsVersion, "TLS12"),
      max_version: v.optional(tlsVersion, "TLS13"),
      cipher_suites: v.optional(v.array(v.picklist([...CIPHER_SUITES.keys()])), []),
      curve_preferences: v.optional(v.array(v.picklist([...CURVES.keys()])), []),
      prefer_server_cipher_suites: v.optional(v.boolean(), true),
    }),
    {},
  ),
  http_server_config: v.optional(
    v.strictObject({
      http2: v.optional(v.boolean(), true),
      headers: v.optional(v.record(v.string(), v.string()), {}),
    }),
    {},
  ),
  basic_auth_users: v.optional(v.record(v.string(), secretString()), {}),
  rate_limit: v.optional(
    v.strictObject({
      // A number counts nanoseconds, as in Go.
      interval: v.optional(
        v.union([v.string(), v.number()], "expected a duration such as 1s"),
        "0",
      ),
      burst: v.optional(v.pipe(v.number(), v.integer("expected a whole number")), 0),
    }),
    {},
  ),
});
