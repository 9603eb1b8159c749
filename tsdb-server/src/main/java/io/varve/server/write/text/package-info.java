/**
 * The import of Prometheus' text exposition format: read line by line, whatever the size of the body.
 *
 * <p>Entry: {@link io.varve.server.write.text.TextImportFormat}. Imported by the process' entry. Runs in the HTTP
 * threads; a state serves one request at a time. The format is Prometheus' text format 0.0.4 with quoted UTF-8 names.
 */
@NullMarked
package io.varve.server.write.text;

import org.jspecify.annotations.NullMarked;
