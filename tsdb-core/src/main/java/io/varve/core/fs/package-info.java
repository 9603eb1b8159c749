/**
 * The seam to the disk: every file access of the engine passes {@link io.varve.core.fs.FileSystem}.
 *
 * <p>Entry: {@link io.varve.core.fs.FileSystem}, and {@link io.varve.core.fs.DiskFileSystem} to get one. The only room
 * that may use Chronicle Bytes or {@code java.nio.file} and channels. No thread that is inside this room is ever
 * interrupted, since an interrupt would close the channel. Format document: {@code docs/format/envelope.md}.
 */
@NullMarked
package io.varve.core.fs;

import org.jspecify.annotations.NullMarked;
