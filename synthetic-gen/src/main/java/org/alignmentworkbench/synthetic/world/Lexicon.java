package org.alignmentworkbench.synthetic.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Every word that can stand in a slot of a message, and the reader that finds them in a text.
public final class Lexicon {
  public static final List<String> NAMES =
      List.of(
          "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Hanna", "Ivan", "Jack", "Kate", "Leo",
          "Maria", "Nina", "Oscar", "Paul", "Rosa", "Sam", "Tom", "Vera", "Walter");
  public static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
  public static final List<String> TIMES =
      List.of(
          "8 am", "9 am", "10 am", "11 am", "noon", "1 pm", "2 pm", "3 pm", "4 pm", "5 pm", "6 pm",
          "7 pm", "8 pm");
  public static final List<String> PLACES =
      List.of(
          "park", "library", "cafe", "school", "museum", "market", "gym", "hotel", "beach",
          "station", "office", "garden");
  public static final List<String> CITIES =
      List.of("Paris", "Rome", "Oslo", "Berlin", "Madrid", "Vienna", "Lisbon", "Prague");
  public static final List<String> EVENTS =
      List.of("lunch", "dinner", "breakfast", "coffee", "tennis", "football", "yoga", "chess");
  public static final List<String> OBJECTS =
      List.of(
          "tent", "cake", "camera", "map", "guitar", "laptop", "book", "report", "lamp", "ball",
          "radio", "rope");
  public static final List<String> GROCERIES =
      List.of(
          "milk", "bread", "cheese", "rice", "tea", "butter", "fish", "soup", "honey", "salt",
          "juice", "sugar");
  public static final List<String> COUNTABLES =
      List.of("apples", "pears", "plums", "eggs", "cups", "plates", "chairs", "pens");

  private static final List<String> NUMBER_WORDS =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen",
          "twenty");

  private static final Set<String> THINGS = new HashSet<>();

  static {
    Stream.of(NAMES, DAYS, PLACES, CITIES, EVENTS, OBJECTS, GROCERIES, COUNTABLES)
        .flatMap(List::stream)
        .forEach(word -> THINGS.add(lower(word)));
  }

  private static final Pattern TIME =
      Pattern.compile("(?<![\\p{L}\\p{N}])(\\d{1,2}) ?(am|pm)(?![\\p{L}\\p{N}])");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private Lexicon() {}

  /// The names, days, times, places, cities, events, things and numbers that a text mentions, in
  /// lower case and in order of first mention.
  public static Set<String> mentions(String text) {
    String rest = lower(text);
    Set<String> found = new LinkedHashSet<>();
    Matcher times = TIME.matcher(rest);
    while (times.find()) {
      found.add(times.group(1) + " " + times.group(2));
    }
    Matcher words = WORD.matcher(times.replaceAll(" "));
    while (words.find()) {
      String word = words.group();
      if (THINGS.contains(word)
          || word.equals("noon")
          || word.chars().allMatch(Character::isDigit)) {
        found.add(word);
      }
    }
    return found;
  }

  /// True when the text says the phrase, as whole words, in any case.
  public static boolean says(String text, String phrase) {
    String hay = lower(text);
    String needle = lower(phrase);
    for (int at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
      int end = at + needle.length();
      boolean opens =
          at == 0
              || !Character.isLetterOrDigit(hay.charAt(at - 1))
              || !Character.isLetterOrDigit(needle.charAt(0));
      boolean closes =
          end == hay.length()
              || !Character.isLetterOrDigit(hay.charAt(end))
              || !Character.isLetterOrDigit(needle.charAt(needle.length() - 1));
      if (opens && closes) {
        return true;
      }
    }
    return false;
  }

  /// The English word of a number from 0 to 20.
  public static String numberWord(int number) {
    if (number < 0 || number > 20) {
      throw new IllegalArgumentException("number must be between 0 and 20, was " + number);
    }
    return NUMBER_WORDS.get(number);
  }

  /// The numbers a text says, in order, whether in digits or (from zero to twenty) in words. A run
  /// of digits too long for an `int` counts as -1: it is a number, and never the right one.
  public static List<Integer> numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    Matcher words = WORD.matcher(lower(text));
    while (words.find()) {
      String word = words.group();
      int spelled = NUMBER_WORDS.indexOf(word);
      if (spelled >= 0) {
        numbers.add(spelled);
      } else if (word.chars().allMatch(c -> c >= '0' && c <= '9')) {
        numbers.add(word.length() > 9 ? -1 : Integer.parseInt(word));
      }
    }
    return numbers;
  }

  /// "a", "a and b", "a, b and c".
  public static String joined(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  /// What [#joined(List)] joined.
  public static List<String> parts(String joined) {
    return Pattern.compile(", | and ").splitAsStream(joined).toList();
  }

  /// With its first letter in upper case.
  public static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
