package io.varve.query.function;

import io.varve.core.model.Labels;
import java.util.Comparator;

/** Orders texts as people count: runs of digits by the number that they are, all else by code points. */
public final class NaturalOrder implements Comparator<String> {

    /** The only one. */
    public static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
                int endA = run(a, i);
                int endB = run(b, j);
                int order = compareNumbers(a.substring(i, endA), b.substring(j, endB));
                if (order != 0) {
                    return order;
                }
                i = endA;
                j = endB;
            } else if (a.charAt(i) == b.charAt(j)) {
                i++;
                j++;
            } else {
                return Labels.compareCodePoints(a.substring(i), b.substring(j));
            }
        }
        int order = Integer.compare(a.length() - i, b.length() - j);
        return order != 0 ? order : Labels.compareCodePoints(a, b); // 01 and 1 are the same number
    }

    /** Where the run of digits that begins at a place ends. */
    private static int run(String text, int from) {
        int end = from + 1;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int compareNumbers(String a, String b) {
        String x = withoutZeros(a);
        String y = withoutZeros(b);
        int order = Integer.compare(x.length(), y.length());
        return order != 0 ? order : x.compareTo(y);
    }

    private static String withoutZeros(String digits) {
        int at = 0;
        while (at < digits.length() - 1 && digits.charAt(at) == '0') {
            at++;
        }
        return digits.substring(at);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
