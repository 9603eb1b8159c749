package io.varve.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how a server shows its targets who it is. Files are read with the configuration, and again when it is. */
final class ScrapeCredentials {

    private static final int LARGEST = 64 << 10;

    private ScrapeCredentials() {}

    /** The header {@code Authorization}, null for none. */
    static @Nullable String header(
            YamlNode job, @Nullable YamlNode basic, @Nullable YamlNode authorization, Path directory) {
        if (basic != null && authorization != null) {
            throw job.refusal("basic_auth and authorization exclude each other");
        }
        if (basic != null) {
            Map<String, YamlNode> keys = basic.keys(List.of("username", "username_file", "password", "password_file"));
            String user = secret(basic, keys, "username", directory);
            String password = secret(basic, keys, "password", directory);
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(both);
        }
        if (authorization == null) {
            return null;
        }
        Map<String, YamlNode> keys = authorization.keys(List.of("type", "credentials", "credentials_file"));
        YamlNode type = keys.get("type");
        String scheme = type == null || type.isEmpty() ? "Bearer" : type.text().strip();
        if (scheme.equalsIgnoreCase("basic")) {
            throw authorization.refusal("type Basic: use basic_auth");
        }
        String credentials = secret(authorization, keys, "credentials", directory);
        if (credentials.isEmpty()) {
            throw authorization.refusal("credentials or credentials_file is missing");
        }
        return scheme + " " + printable(authorization, credentials);
    }

    private static String secret(YamlNode node, Map<String, YamlNode> keys, String key, Path directory) {
        YamlNode written = keys.get(key);
        YamlNode file = keys.get(key + "_file");
        if (written != null && file != null) {
            throw node.refusal(key + " and " + key + "_file exclude each other");
        }
        if (file == null) {
            return written == null ? "" : written.text();
        }
        try {
            Path path = directory.resolve(file.text());
            if (Files.size(path) > LARGEST) {
                throw file.refusal("larger than " + LARGEST + " bytes: " + path);
            }
            return Files.readString(path, StandardCharsets.UTF_8).strip();
        } catch (IOException | InvalidPathException e) {
            throw file.refusal(
                    "cannot read " + file.text() + ": " + e.getClass().getSimpleName());
        }
    }

    private static String printable(YamlNode node, String text) {
        if (!text.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw node.refusal("credentials have a character that no header may have");
        }
        return text;
    }
}
