/**
 * The server process: the only main, and what ties the rooms together.
 *
 * <p>Entry: {@link io.varve.server.VarveServer}.
 */
@NullMarked
package io.varve.server;

import org.jspecify.annotations.NullMarked;
