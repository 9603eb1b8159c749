package io.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RouterTest {

    private static final HttpDoor FIXED = exchange -> {};
    private static final HttpDoor VARIABLE = exchange -> {};

    private final Router router = new Router()
            .query("/a/b", FIXED)
            .route("GET", "/a/{x}", VARIABLE)
            .route("GET", "/label/{name}/values", VARIABLE)
            .route("DELETE", "/queries/{id}", VARIABLE);

    @Test
    void fixed_paths_win_over_variables() {
        assertThat(router.match("GET", "/a/b").door()).isSameAs(FIXED);
        assertThat(router.match("GET", "/a/c").door()).isSameAs(VARIABLE);
    }

    @Test
    void variables_are_decoded_and_a_plus_stays() {
        assertThat(router.match("GET", "/label/a%20b+c/values").variables()).containsEntry("name", "a b+c");
    }

    @Test
    void head_goes_where_get_goes() {
        assertThat(router.match("HEAD", "/a/b").door()).isSameAs(FIXED);
    }

    @Test
    void unknown_paths_are_404() {
        for (String path : List.of("", "/", "/a", "/a/b/", "/a/", "/label//values", "/label/x/values/y", "//a/b")) {
            assertThatThrownBy(() -> router.match("GET", path))
                    .as(path)
                    .isInstanceOfSatisfying(HttpProblem.class, problem -> {
                        assertThat(problem.status()).isEqualTo(404);
                        assertThat(problem.type()).isEqualTo(ErrorType.NOT_FOUND);
                    });
        }
    }

    @Test
    void wrong_methods_are_405_and_name_the_right_ones() {
        assertThatThrownBy(() -> router.match("PUT", "/a/b")).isInstanceOfSatisfying(HttpProblem.class, problem -> {
            assertThat(problem.status()).isEqualTo(405);
            assertThat(problem.answer().header("Allow")).isEqualTo("GET, HEAD, POST");
        });
        assertThatThrownBy(() -> router.match("GET", "/queries/7"))
                .isInstanceOfSatisfying(
                        HttpProblem.class,
                        problem -> assertThat(problem.answer().header("Allow")).isEqualTo("DELETE"));
    }

    @Test
    void malformed_escapes_are_400() {
        assertThatThrownBy(() -> router.match("GET", "/label/%zz/values"))
                .isInstanceOfSatisfying(HttpProblem.class, problem -> assertThat(problem.status())
                        .isEqualTo(400));
    }

    @Test
    void a_route_is_added_once() {
        assertThatThrownBy(() -> router.route("GET", "/a/b", FIXED)).isInstanceOf(IllegalArgumentException.class);
    }
}
