package io.varve.server.rules.template;

import java.util.Map;

/**
 * A sample as templates see it.
 *
 * @param labels its labels, the metric's name among them
 * @param value a {@link Double}, or the text of a native histogram
 */
public record TemplateSample(Map<String, String> labels, Object value) {}
