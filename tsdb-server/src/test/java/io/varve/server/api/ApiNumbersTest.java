package io.varve.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiNumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-1.5, -1.5",
        "0.1, 0.1",
        "0.001, 0.001",
        "100, 100",
        "1e6, 1000000",
        "1e20, 100000000000000000000",
        "123456789012345678, 123456789012345680",
        "1e21, 1e+21",
        "1.5e300, 1.5e+300",
        "1e-6, 0.000001",
        "0.00000123, 0.00000123",
        "1e-7, 1e-07",
        "-9.99e-10, -9.99e-10",
        "4.9e-324, 5e-324",
        "9.9e-323, 1e-322",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "0.30000000000000004, 0.30000000000000004",
        "2e23, 2e+23",
        "9007199254740993, 9007199254740992",
        "999999999999999, 999999999999999",
        "1000000000000001, 1000000000000001",
        "0.012, 0.012",
        "1e-5, 0.00001",
        "2e-3, 0.002",
        "1.1e-5, 0.000011",
        "3.141592653589793, 3.141592653589793",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf"
    })
    void writes_as_prometheus_does(double value, String text) {
        assertThat(ApiNumbers.format(value)).isEqualTo(text);
    }
}
