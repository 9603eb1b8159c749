/**
 * The query language as text and as a tree: lexer, parser, types, printer.
 *
 * <p>Entry: {@link io.varve.query.lang.Parser#parse}. Imported by the other rooms of {@code query} and by the server
 * for checks of expressions. No threads, no state. The language is described in docs/query-language.md.
 */
@NullMarked
package io.varve.query.lang;

import org.jspecify.annotations.NullMarked;
