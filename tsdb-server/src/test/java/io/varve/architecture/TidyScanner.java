package io.varve.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The house rules for one source file, checked on its text; each broken one is a line of the answer. */
final class TidyScanner {

    static final int FILE_LINES = 450;
    static final int METHOD_LINES = 65;
    static final int LINE_CHARS = 120;

    /** Written in two parts, so that this file keeps its own rule. */
    private static final Pattern MARKS = Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final Pattern DISABLED = Pattern.compile("@Dis" + "abled\\b");
    private static final Pattern TEST =
            Pattern.compile("(?m)^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory|Property|Example)\\b");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Set<String> NAMELESS = Set.of("util", "utils", "common", "impl", "misc", "helper", "helpers");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    /** One for all sources, since to make one costs more than to parse a source. */
    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private TidyScanner() {}

    /** What a source of the program breaks. */
    static List<String> main(String path, String text) {
        List<String> found = everywhere(path, text);
        List<String> lines = text.lines().toList();
        if (lines.size() > FILE_LINES) {
            found.add(path + ": file has at most " + FILE_LINES + " lines: lines=" + lines.size());
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > LINE_CHARS) {
                found.add(path + ":" + (i + 1) + ": line has at most " + LINE_CHARS + " characters");
            }
        }
        found.addAll(longMethods(path, text));
        return found;
    }

    /** What a source of the tests breaks. */
    static List<String> test(String path, String text) {
        List<String> found = everywhere(path, text);
        String name = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.java$", "");
        if (DISABLED.matcher(text).find()) {
            found.add(path + ": test is not switched off");
        }
        boolean runs = name.endsWith("Test") || name.endsWith("Properties") || name.endsWith("IT");
        boolean contract = name.endsWith("Contract") && text.contains("abstract class " + name);
        if (TEST.matcher(text).find() && !runs && !contract) {
            found.add(path + ": test class ends in Test, Properties or IT, or the build skips it");
        }
        return found;
    }

    private static List<String> everywhere(String path, String text) {
        List<String> found = new ArrayList<>();
        Matcher mark = MARKS.matcher(text);
        while (mark.find()) {
            found.add(path + ": no mark for later: mark=" + mark.group());
        }
        Matcher declared = PACKAGE.matcher(text);
        if (declared.find()) {
            for (String segment : declared.group(1).split("\\.", -1)) {
                if (NAMELESS.contains(segment)) {
                    found.add(path + ": package says what it is for: segment=" + segment);
                }
            }
        }
        return found;
    }

    private static List<String> longMethods(String path, String text) {
        List<String> found = new ArrayList<>();
        JavacTask task = (JavacTask) COMPILER.getTask(
                null, FILES, diagnostic -> {}, List.of("-proc:none"), null, List.of(new Source(path, text)));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(
                        new TreeScanner<Void, LineMap>() {
                            @Override
                            public Void visitMethod(MethodTree method, LineMap lines) {
                                long start = positions.getStartPosition(unit, method);
                                long end = positions.getEndPosition(unit, method);
                                if (start >= 0 && end >= 0) {
                                    long length = lines.getLineNumber(end) - lines.getLineNumber(start) + 1;
                                    if (length > METHOD_LINES) {
                                        found.add(path + ":" + lines.getLineNumber(start) + ": method has at most "
                                                + METHOD_LINES + " lines: method=" + method.getName() + ", lines="
                                                + length);
                                    }
                                }
                                return super.visitMethod(method, lines);
                            }
                        },
                        unit.getLineMap());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot parse " + path, e);
        }
        return found;
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String path, String text) {
            super(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
