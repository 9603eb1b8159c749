/**
 * The command line: which program is asked for, with which settings; and the small programs that only ask a server.
 *
 * <p>Entry: {@link io.varve.server.cli.VarveCli}. Imported by {@code io.varve.server} alone, which supplies the
 * programs. Everything runs in the main thread. The flags are described in docs/operations.md.
 */
@NullMarked
package io.varve.server.cli;

import org.jspecify.annotations.NullMarked;
