package io.varve.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.server.config.ConfigFileTenants;
import io.varve.server.config.TenantsConfig;
import io.varve.server.http.HttpProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tenants there are, with stores that are names alone. */
class TenantsTest {

    @TempDir
    Path root;

    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private TenantsConfig config = ConfigFileTenants.read("");

    /** An open tenant. */
    private record Open(String name, List<String> closed) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            closed.add(name);
            if (name.startsWith("stuck")) {
                throw new IOException("stuck");
            }
        }
    }

    private Tenants<Open> tenants() {
        return new Tenants<>(root.resolve("tenants"), () -> config, (name, directory) -> {
            opened.add(name);
            if (name.startsWith("broken")) {
                throw new IOException("damaged");
            }
            if (name.startsWith("bug")) {
                throw new IllegalStateException("a bug");
            }
            Files.createDirectories(directory);
            return new Open(name, closed);
        });
    }

    private static void refuses(int status, String why, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(HttpProblem.class, problem -> assertThat(problem.status())
                        .isEqualTo(status))
                .hasMessageContaining(why);
    }

    @Test
    void a_read_makes_none_and_a_write_does_once() {
        Tenants<Open> tenants = tenants();
        assertThat(tenants.find("a")).isNull();
        assertThat(root.resolve("tenants")).doesNotExist();
        Open made = tenants.findOrMake("a");
        assertThat(tenants.findOrMake("a")).isSameAs(made);
        assertThat(tenants.find("a")).isSameAs(made);
        assertThat(opened).containsExactly("a");
        assertThat(root.resolve("tenants/a")).isDirectory();
    }

    @Test
    void writes_that_come_together_make_it_once() {
        Tenants<Open> tenants = tenants();
        List<Open> made = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> tenants.findOrMake("a"))
                .distinct()
                .toList();
        assertThat(made).hasSize(1);
        assertThat(opened).containsExactly("a");
    }

    @Test
    void those_that_have_a_directory_are_opened_at_the_start() throws IOException {
        for (String name : List.of("a", "b")) {
            Files.createDirectories(root.resolve("tenants").resolve(name));
        }
        Tenants<Open> tenants = tenants();
        tenants.openExisting();
        assertThat(opened).containsExactly("a", "b");
        tenants.close();
        assertThat(closed).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void what_is_no_directory_of_a_tenant_is_left_alone() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Path in = Files.createDirectories(root.resolve("tenants"));
        Files.createSymbolicLink(in.resolve("link"), elsewhere);
        Files.createSymbolicLink(in.resolve("dangling"), root.resolve("nowhere"));
        Files.createDirectories(in.resolve("lost+found"));
        Files.createDirectories(in.resolve(".hidden"));
        Files.createDirectories(in.resolve("default"));
        Files.writeString(in.resolve("file"), "");
        Tenants<Open> tenants = tenants();
        tenants.openExisting();
        assertThat(opened).isEmpty();
        for (String name : List.of("link", "dangling", "file")) {
            assertThat(tenants.find(name)).isNull();
            refuses(503, "a link is not followed", () -> tenants.findOrMake(name));
        }
        assertThat(opened).isEmpty();
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(root.resolve("nowhere")).doesNotExist();
    }

    @Test
    void names_that_differ_in_case_alone_are_one_directory_on_some_systems() {
        Tenants<Open> tenants = tenants();
        tenants.findOrMake("Acme");
        refuses(400, "the tenant is written \"Acme\"", () -> tenants.findOrMake("acme"));
        refuses(400, "the tenant is written \"Acme\"", () -> tenants.find("ACME"));
    }

    @Test
    void there_are_no_more_than_may_be() {
        config = ConfigFileTenants.read("tenants: {max: 2}");
        Tenants<Open> tenants = tenants();
        tenants.findOrMake("a");
        tenants.findOrMake("b");
        refuses(403, "tenants.max=2", () -> tenants.findOrMake("c"));
        assertThat(tenants.find("c")).isNull();
        config = ConfigFileTenants.read("tenants: {max: 3}");
        assertThat(tenants.findOrMake("c").name()).isEqualTo("c");
    }

    @Test
    void more_directories_than_may_be_are_told_at_the_start() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            Files.createDirectories(root.resolve("tenants").resolve(name));
        }
        config = ConfigFileTenants.read("tenants: {max: 2}");
        assertThatThrownBy(() -> tenants().openExisting())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("found=3, max=2");
        assertThat(opened).isEmpty();
    }

    @Test
    void where_names_are_listed_there_are_no_others() throws IOException {
        Files.createDirectories(root.resolve("tenants/stranger"));
        Files.createDirectories(root.resolve("tenants/a"));
        config = ConfigFileTenants.read("tenants: {allow: [a, b]}");
        Tenants<Open> tenants = tenants();
        tenants.openExisting();
        assertThat(opened).containsExactly("a");
        refuses(404, "tenants.allow", () -> tenants.find("stranger"));
        refuses(404, "tenants.allow", () -> tenants.findOrMake("c"));
        assertThat(tenants.findOrMake("b").name()).isEqualTo("b");
        config = ConfigFileTenants.read("tenants: {allow: [b]}");
        refuses(404, "tenants.allow", () -> tenants.find("a"));
    }

    @Test
    void one_that_cannot_be_opened_keeps_no_other_from_it() throws IOException {
        for (String name : List.of("broken", "bug", "well")) {
            Files.createDirectories(root.resolve("tenants").resolve(name));
        }
        Tenants<Open> tenants = tenants();
        tenants.openExisting();
        assertThat(tenants.find("well")).isNotNull();
        refuses(503, "damaged", () -> tenants.find("broken"));
        refuses(503, "a bug", () -> tenants.findOrMake("bug"));
        assertThat(tenants.failures()).isEqualTo(Map.of("broken", "damaged", "bug", "a bug"));
        assertThat(opened).hasSize(3);
    }

    @Test
    void one_that_cannot_be_made_is_tried_again_with_the_next_write() {
        Tenants<Open> tenants = tenants();
        refuses(503, "damaged", () -> tenants.findOrMake("broken-2"));
        refuses(503, "damaged", () -> tenants.findOrMake("broken-2"));
        assertThat(opened).hasSize(2);
        assertThat(tenants.find("broken-2")).isNull();
    }

    @Test
    void all_are_closed_whatever_one_does_and_none_is_made_behind_that() {
        Tenants<Open> tenants = tenants();
        tenants.findOrMake("stuck");
        tenants.findOrMake("a");
        tenants.close();
        assertThat(closed).containsExactlyInAnyOrder("stuck", "a");
        refuses(503, "stopping", () -> tenants.findOrMake("late"));
    }
}
