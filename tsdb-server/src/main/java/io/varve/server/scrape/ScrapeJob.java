package io.varve.server.scrape;

import io.varve.core.model.Labels;
import io.varve.server.config.ScrapeConfig;
import io.varve.server.config.ScrapeConfig.Group;
import io.varve.server.scrape.discovery.FileTargets;
import io.varve.server.scrape.discovery.Target;
import io.varve.server.scrape.discovery.TargetBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** A job with its targets. Under the manager's lock, but for its files, which one thread looks at. */
final class ScrapeJob {

    private static final int MOST_DROPPED = 10_000;

    private final ScrapeConfig config;
    private final TargetBuilder builder;
    private final List<FileTargets> files = new ArrayList<>();
    private final Consumer<String> problems;
    private final long[] readNanos;
    private Map<Key, ScrapeLoop> loops = new LinkedHashMap<>();
    private Set<String> told = Set.of();
    private List<Labels> dropped = List.of();
    private int droppedCount;
    private String forced = "";

    /** Which target it is, whatever it was before relabelling. */
    private record Key(Labels labels, URI uri, Duration interval, Duration timeout) {}

    /** @param problems hears what is wrong with targets and files, once for each */
    ScrapeJob(ScrapeConfig config, Consumer<String> problems) {
        this.config = config;
        this.builder = new TargetBuilder(config);
        this.problems = problems;
        config.files().forEach(discovery -> files.add(new FileTargets(discovery, problems)));
        this.readNanos = new long[files.size()];
    }

    ScrapeConfig config() {
        return config;
    }

    /** Looks at the files; whether there may be other targets. By one thread, without the manager's lock. */
    boolean look(long nanoTime, boolean first) {
        boolean changed = false;
        for (int i = 0; i < files.size(); i++) {
            boolean all = first
                    || nanoTime - readNanos[i]
                            >= config.files().get(i).refresh().toNanos();
            if (all) {
                readNanos[i] = nanoTime;
            }
            changed |= files.get(i).look(all);
        }
        return changed;
    }

    /** All groups of targets that are known now. By the thread that looks at the files. */
    List<Group> groups() {
        List<Group> groups = new ArrayList<>(config.groups());
        files.forEach(file -> groups.addAll(file.groups()));
        return groups;
    }

    /**
     * Has the targets of other groups from now on.
     *
     * @param start makes the loop of a new target
     * @return loops of targets that have gone
     */
    List<ScrapeLoop> replace(List<Group> groups, Function<Target, ScrapeLoop> start) {
        Map<Key, ScrapeLoop> next = new LinkedHashMap<>();
        List<Labels> nextDropped = new ArrayList<>();
        Set<String> wrong = new HashSet<>();
        droppedCount = 0;
        for (Group group : groups) {
            for (String address : group.targets()) {
                TargetBuilder.Built built = builder.build(address, group.labels());
                Target target = built.target();
                if (target != null) {
                    Key key = new Key(target.labels(), target.uri(), target.interval(), target.timeout());
                    ScrapeLoop old = next.getOrDefault(key, loops.get(key));
                    next.put(key, old == null ? start.apply(target) : old);
                } else if (built.isDropped()) {
                    droppedCount++;
                    if (nextDropped.size() < mostDropped()) {
                        nextDropped.add(built.discovered());
                    }
                } else {
                    wrong.add(address + ": " + built.problem());
                }
            }
        }
        wrong.stream()
                .filter(problem -> !told.contains(problem))
                .sorted()
                .limit(10)
                .forEach(problems);
        told = wrong;
        dropped = List.copyOf(nextDropped);
        List<ScrapeLoop> gone = new ArrayList<>();
        loops.forEach((key, loop) -> {
            if (!next.containsKey(key)) {
                gone.add(loop);
            }
        });
        loops = next;
        int limit = config.limits().targets();
        forced = limit > 0 && next.size() > limit
                ? "target_limit exceeded (number of targets: " + next.size() + ", limit: " + limit + ")"
                : "";
        return gone;
    }

    private int mostDropped() {
        int most = config.limits().keptDropped();
        return most == 0 ? MOST_DROPPED : Math.min(most, MOST_DROPPED);
    }

    /** Why no target of the job is scraped, empty if all are. */
    String forcedError() {
        return forced;
    }

    List<ScrapeLoop> loops() {
        return List.copyOf(loops.values());
    }

    JobStatus status() {
        return new JobStatus(
                config.job(), loops.values().stream().map(ScrapeLoop::status).toList(), dropped, droppedCount);
    }
}
