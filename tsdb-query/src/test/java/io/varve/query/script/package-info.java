/**
 * Test scripts of the query language, run against an in-memory store.
 *
 * <p>Entry: {@link io.varve.query.script.ScriptTest}. Imported by tests alone.
 */
@NullMarked
package io.varve.query.script;

import org.jspecify.annotations.NullMarked;
