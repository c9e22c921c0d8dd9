package pulumi.jenkinsauth.testcontroller.versions;

import java.util.ArrayList;
import java.util.List;

/**
 * A version as Jenkins cores and plugins number themselves: {@code 2.107.3}, {@code 1.8.0},
 * {@code 257.v1a_5c9f}. What follows the leading numbers does not take part in comparisons.
 */
public record Version(String text) implements Comparable<Version> {

    public boolean atLeast(String other) {
        return compareTo(new Version(other)) >= 0;
    }

    @Override
    public int compareTo(Version other) {
        List<Integer> mine = numbers();
        List<Integer> theirs = other.numbers();
        for (int i = 0; i < Math.max(mine.size(), theirs.size()); i++) {
            int order = Integer.compare(at(mine, i), at(theirs, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int at(List<Integer> numbers, int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }

    private List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("[.-]")) {
            if (!part.matches("\\d{1,9}")) {
                break;
            }
            numbers.add(Integer.valueOf(part));
        }
        return numbers;
    }

    @Override
    public String toString() {
        return text;
    }
}
