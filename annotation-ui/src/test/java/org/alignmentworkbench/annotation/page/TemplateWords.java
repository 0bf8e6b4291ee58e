package org.alignmentworkbench.annotation.page;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.attoparser.AbstractMarkupHandler;
import org.attoparser.MarkupParser;
import org.attoparser.ParseException;
import org.attoparser.config.ParseConfiguration;

/// Reads the templates of a module and names everything the house does not allow in them: words
/// that are not in a message file, message keys nobody wrote, and what the content security policy
/// would block. Other modules' tests use it for their own templates.
public final class TemplateWords {
  /// Attributes a reader sees or hears.
  private static final Set<String> SPOKEN =
      Set.of("title", "alt", "placeholder", "aria-label", "aria-description", "label", "content");

  /// `#{key}` and `#{key(arguments)}`; keys put together at run time start with `${` or a quote.
  private static final Pattern KEY = Pattern.compile("#\\{\\s*([A-Za-z][\\w.-]*)\\s*[}(]");

  private static final Pattern LETTERS = Pattern.compile("\\p{L}{2,}");
  private static final Pattern QUOTED_WORDS = Pattern.compile("'[^']*\\p{Lu}\\p{Ll}+ [^']*'");

  /// The one place that may write without escaping, and what it writes: a `SafeMarkup`, which only
  /// the sanitizer makes.
  private static final String READING = Path.of("fragments", "reading.html").toString();

  private static final String SAFE = "${passage.markup.markup()}";

  private TemplateWords() {}

  /// Every fault found, as `file:line: what`; empty when all is well.
  public static List<String> faults(List<Path> templateFolders, List<Path> messageFiles)
      throws IOException, ParseException {
    Properties words = new Properties();
    for (Path file : messageFiles) {
      try (Reader reader = Files.newBufferedReader(file)) {
        words.load(reader);
      }
    }
    List<String> faults = new ArrayList<>();
    for (Path folder : templateFolders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".html")).sorted().toList()) {
          MarkupParser parser = new MarkupParser(ParseConfiguration.htmlConfiguration());
          parser.parse(
              Files.readString(file),
              new FaultFinder(
                  folder.relativize(file).toString(), words.stringPropertyNames(), faults));
        }
      }
    }
    return faults;
  }

  /// The keys of the message files that no template and no source file of the given folders names.
  public static Set<String> unusedKeys(List<Path> sources, List<Path> messageFiles)
      throws IOException {
    Set<String> unused = new TreeSet<>();
    for (Path file : messageFiles) {
      Properties words = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        words.load(reader);
      }
      unused.addAll(words.stringPropertyNames());
    }
    for (Path source : sources) {
      try (Stream<Path> files = Files.walk(source)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (!file.toString().endsWith(".properties")) {
            String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
            unused.removeIf(text::contains);
          }
        }
      }
    }
    return unused;
  }

  private static final class FaultFinder extends AbstractMarkupHandler {
    private final String file;
    private final Set<String> keys;
    private final List<String> faults;
    private String element = "";
    private int depthOfScript;

    FaultFinder(String file, Set<String> keys, List<String> faults) {
      this.file = file;
      this.keys = keys;
      this.faults = faults;
    }

    private void fault(int line, String what) {
      faults.add(file + ":" + line + ": " + what);
    }

    @Override
    public void handleOpenElementStart(char[] buffer, int offset, int length, int line, int col) {
      element = new String(buffer, offset, length);
      if (element.equals("script") || element.equals("style")) {
        depthOfScript++;
      }
      if (element.equals("style")) {
        fault(line, "a style element is blocked by the content security policy");
      }
    }

    @Override
    public void handleStandaloneElementStart(
        char[] buffer, int offset, int length, boolean minimized, int line, int col) {
      element = new String(buffer, offset, length);
    }

    @Override
    public void handleCloseElementStart(char[] buffer, int offset, int length, int line, int col) {
      String name = new String(buffer, offset, length);
      if (name.equals("script") || name.equals("style")) {
        depthOfScript--;
      }
      element = "";
    }

    @Override
    public void handleAttribute(
        char[] buffer,
        int nameOffset,
        int nameLength,
        int nameLine,
        int nameCol,
        int operatorOffset,
        int operatorLength,
        int operatorLine,
        int operatorCol,
        int contentOffset,
        int contentLength,
        int outerOffset,
        int outerLength,
        int valueLine,
        int valueCol) {
      String name = new String(buffer, nameOffset, nameLength);
      String value = new String(buffer, contentOffset, contentLength);
      if (name.equals("style") || name.equals("th:style")) {
        fault(nameLine, "a style attribute is blocked by the content security policy");
      }
      if (name.startsWith("on") || name.startsWith("hx-on") || name.startsWith("th:on")) {
        fault(nameLine, "an inline handler is blocked by the content security policy: " + name);
      }
      if (name.equals("th:utext") && !(file.equals(READING) && value.equals(SAFE))) {
        fault(nameLine, "th:utext does not escape");
      }
      if (SPOKEN.contains(name) && !(element.equals("meta")) && LETTERS.matcher(value).find()) {
        fault(nameLine, "words in " + name + ": " + value);
      }
      if (name.equals("value") && element.equals("button") && LETTERS.matcher(value).find()) {
        return;
      }
      if (name.startsWith("th:") || name.startsWith("data-th-")) {
        Matcher matcher = KEY.matcher(value);
        while (matcher.find()) {
          if (!keys.contains(matcher.group(1))) {
            fault(nameLine, "no such message: " + matcher.group(1));
          }
        }
        Matcher quoted = QUOTED_WORDS.matcher(value);
        if (quoted.find()) {
          fault(nameLine, "words in an expression: " + quoted.group());
        }
      }
    }

    @Override
    public void handleText(char[] buffer, int offset, int length, int line, int col) {
      String text = new String(buffer, offset, length).strip();
      if (depthOfScript > 0) {
        if (!text.isEmpty()) {
          fault(line, "an inline script or style is blocked by the content security policy");
        }
        return;
      }
      // The name on a key is not a word of a language.
      if (element.equals("kbd")) {
        return;
      }
      String words = text.replaceAll("&[a-z]+;", "");
      Matcher matcher = Pattern.compile("\\p{L}+").matcher(words);
      if (matcher.find()) {
        fault(line, "words outside the message file: " + text);
      }
    }
  }
}
