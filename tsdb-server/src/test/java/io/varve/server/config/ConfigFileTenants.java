package io.varve.server.config;

/** Reads tenants out of a configuration file's text. */
public final class ConfigFileTenants {

    private ConfigFileTenants() {}

    /** What a file says of tenants. */
    public static TenantsConfig read(String yaml) {
        ConfigValues values = new ConfigValues();
        ConfigFile.parse(yaml, "varve.yml", values);
        return ServerConfig.from(values, 1L << 30, false).tenants();
    }
}
