/**
 * Templates of labels and annotations: the language of Go's {@code text/template} with the functions that Prometheus
 * adds to it. An expansion is bounded in steps, output, nesting and queries. Entry: {@link
 * io.varve.server.rules.template.Template}.
 */
@NullMarked
package io.varve.server.rules.template;

import org.jspecify.annotations.NullMarked;
