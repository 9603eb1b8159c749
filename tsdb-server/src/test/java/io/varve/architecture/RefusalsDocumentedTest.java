package io.varve.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.storage.CommitException;
import io.varve.core.storage.Verdict;
import io.varve.server.http.ErrorType;
import io.varve.server.tenant.TenantGuard;
import io.varve.server.write.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every reason for which something is refused stands in a table of docs/operations.md, with what to do. */
class RefusalsDocumentedTest {

    private static final Path OPERATIONS = Path.of("../docs/operations.md");

    /** What stands in code in the first column of the document's tables. */
    private static List<String> firstColumns() throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(OPERATIONS)) {
            if (line.startsWith("| `")) {
                String first = line.substring(2, line.indexOf(" | ", 2));
                for (String name : first.split(", ", -1)) {
                    found.add(name.replace("`", ""));
                }
            }
        }
        return found;
    }

    @Test
    void theEnginesReasonsStandThere() throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            if (verdict.isRefusal()) {
                reasons.add(verdict.reason());
            }
        }
        for (CommitException.Reason reason : CommitException.Reason.values()) {
            reasons.add(reason.name());
        }
        assertThat(firstColumns()).containsAll(reasons);
    }

    @Test
    void theDoorsReasonsStandThere() throws IOException {
        List<String> reasons = new ArrayList<>();
        for (Refusal refusal : Refusal.values()) {
            reasons.add(refusal.reason());
        }
        assertThat(firstColumns()).containsAll(reasons);
    }

    @Test
    void limitsOfTenantsStandThere() throws IOException {
        List<String> limits = new ArrayList<>();
        for (TenantGuard.Limit limit : TenantGuard.Limit.values()) {
            limits.add("tenant: " + limit.text());
        }
        assertThat(firstColumns()).containsAll(limits);
    }

    @Test
    void typesOfErrorsStandThereWithTheirStatus() throws IOException {
        String operations = Files.readString(OPERATIONS);
        for (ErrorType type : ErrorType.values()) {
            assertThat(operations).contains("| `" + type.text() + "` | " + type.status() + " |");
        }
    }
}
