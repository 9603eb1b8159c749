package io.varve.server.tenant;

import io.varve.server.config.TenantName;
import io.varve.server.config.TenantsConfig;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants that there are, beside the default one. Those that have a directory are opened at the start, so that
 * retention goes on for them; others when something is written to them first. Looked up without a lock; one is opened
 * at a time. One that cannot be opened answers with the reason until the next start, and keeps no other from its work.
 *
 * @param <T> what is open of a tenant
 */
public final class Tenants<T extends AutoCloseable> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tenants.class);

    /** Opens what a tenant has. */
    @FunctionalInterface
    public interface Opening<T> {

        /**
         * Opens a tenant.
         *
         * @param name checked
         * @param directory of its store, which may be absent
         * @throws IOException if that cannot be; nothing stays open
         */
        T open(String name, Path directory) throws IOException;
    }

    /** A tenant that is open, or why it is not. */
    private record Known<T>(String name, @Nullable T open, String failure) {}

    private final TenantDirectories directories;
    private final Supplier<TenantsConfig> config;
    private final Opening<T> opening;
    private final Map<String, Known<T>> known = new ConcurrentHashMap<>();
    private String lastTold = "";
    private boolean closed;

    /**
     * None yet.
     *
     * @param root the directory of their directories
     * @param config at the moment of asking
     */
    public Tenants(Path root, Supplier<TenantsConfig> config, Opening<T> opening) {
        this.directories = new TenantDirectories(root);
        this.config = config;
        this.opening = opening;
    }

    /**
     * Opens those that have a directory and are allowed.
     *
     * @throws IOException if there are more than may be: the message names the cure
     */
    public synchronized void openExisting() throws IOException {
        TenantsConfig as = config.get();
        SortedSet<String> names = directories.names();
        names.removeIf(name -> {
            boolean barred = !as.allows(name);
            if (barred) {
                LOG.warn("tenant {} has data and is not in tenants.allow: it is not opened", name);
            }
            return barred;
        });
        if (names.size() > as.max()) {
            throw new IOException("there are more tenants than tenants.max: found=" + names.size() + ", max=" + as.max()
                    + ": raise it, or move directories of tenants away");
        }
        names.forEach(name -> known.put(TenantName.key(name), open(name)));
    }

    /**
     * An open tenant, or null if nothing was written to it yet.
     *
     * @param name checked
     * @throws HttpProblem if there is no such tenant by rule, or it cannot be opened
     */
    public @Nullable T find(String name) {
        Known<T> found = known.get(TenantName.key(name));
        if (found == null) {
            ensureAllowed(name);
            return null;
        }
        if (!found.name.equals(name)) {
            throw HttpProblem.badData("the tenant is written \"" + found.name
                    + "\", and names that differ in case alone" + " would be one directory: value=" + name);
        }
        ensureAllowed(name);
        if (found.open == null) {
            throw unopened(found);
        }
        return found.open;
    }

    private void ensureAllowed(String name) {
        if (!config.get().allows(name)) {
            throw HttpProblem.of(ErrorType.NOT_FOUND, "no such tenant: tenants.allow does not name it: value=" + name);
        }
    }

    /**
     * A tenant to be written to; it is made if it is not there.
     *
     * @param name checked
     * @throws HttpProblem as {@link #find}, and 403 if there are as many tenants as may be
     */
    public T findOrMake(String name) {
        T found = find(name);
        return found == null ? make(name) : found;
    }

    private synchronized T make(String name) {
        T found = find(name);
        if (found != null) {
            return found;
        }
        if (closed) {
            throw HttpProblem.busy("the server is stopping", 5);
        }
        TenantsConfig as = config.get();
        if (as.allow().isEmpty() && known.size() >= as.max()) {
            throw HttpProblem.of(
                    ErrorType.UNAVAILABLE,
                    403,
                    "there are as many tenants as may be: tenants.max=" + as.max()
                            + "; raise it, or use one that is there");
        }
        Known<T> made = open(name);
        if (made.open == null) { // not kept: the next write tries again
            throw unopened(made);
        }
        known.put(TenantName.key(name), made);
        return made.open;
    }

    private Known<T> open(String name) {
        try {
            return new Known<>(name, opening.open(name, directories.of(name)), "");
        } catch (IOException | RuntimeException e) { // the others are to be served whatever is wrong with this one
            String told = name + ": " + e.getMessage();
            if (!told.equals(lastTold)) { // a sender that tries again and again fills no log
                lastTold = told;
                LOG.warn("cannot open tenant {}", told);
            }
            return new Known<>(name, null, String.valueOf(e.getMessage()));
        }
    }

    private static HttpProblem unopened(Known<?> tenant) {
        return HttpProblem.busy("tenant " + tenant.name + " cannot be opened: " + tenant.failure, 60);
    }

    /** Those that are open, in no order. */
    public List<T> all() {
        List<T> open = new ArrayList<>();
        for (Known<T> one : known.values()) {
            if (one.open != null) {
                open.add(one.open);
            }
        }
        return open;
    }

    /** Does something with those that are open while no other is opened. */
    public synchronized void all(Consumer<List<T>> work) {
        work.accept(all());
    }

    /** Names of those that could not be opened, with the reason. */
    public Map<String, String> failures() {
        Map<String, String> failures = new TreeMap<>();
        known.values().stream().filter(one -> one.open == null).forEach(one -> failures.put(one.name, one.failure));
        return failures;
    }

    /** Closes all; nobody uses one any more. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Known<T> one : known.values()) {
            T open = one.open;
            if (open != null) {
                try {
                    open.close();
                } catch (Exception e) { // the others are to be closed as well
                    LOG.error("cannot close tenant {}: {}", one.name, e.toString());
                }
            }
        }
    }
}
