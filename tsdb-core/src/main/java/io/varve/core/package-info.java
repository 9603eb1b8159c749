/**
 * The storage engine as a library.
 *
 * <p>Entry: {@link io.varve.core.Tsdb}. Imported by the query engine's users, the server and embedding applications.
 * docs/architecture.md names the threads and what each owns.
 */
@NullMarked
package io.varve.core;

import org.jspecify.annotations.NullMarked;
