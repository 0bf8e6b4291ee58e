package org.alignmentworkbench.annotation.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;

/// Makes markup safe to show beside a form, whatever it came from.
///
/// Links lead out only to `http`, `https` and `mailto`, show their address, open elsewhere and tell
/// nothing of this page; images become the text that would have loaded them; every attribute that
/// is not written here goes. Each block says its direction, code is always left to right. What this
/// class has written then passes a list of allowed elements, attributes and protocols, which does
/// not trust it.
final class Sanitizer {
  /// What a link may lead to; an address with a space or a control sign in it is none.
  private static final Pattern ADDRESS =
      Pattern.compile("(?:https?://|mailto:)[^\\s\\p{Cntrl}]+", Pattern.CASE_INSENSITIVE);

  private static final String REL = "noopener noreferrer nofollow ugc";

  /// Blocks that hold text themselves: their own first strong letter decides.
  private static final Set<String> LEAVES = Set.of("p", "h3", "h4", "h5", "h6", "li", "th", "td");

  /// Blocks that hold blocks: `auto` would look past the blocks in them.
  private static final Set<String> HOLDERS = Set.of("ul", "ol", "blockquote", "table");

  private static final int FIRST_HEADING = 3;

  private static final Safelist ALLOWED =
      new Safelist()
          .addTags(
              "p",
              "br",
              "hr",
              "h3",
              "h4",
              "h5",
              "h6",
              "ul",
              "ol",
              "li",
              "blockquote",
              "pre",
              "code",
              "em",
              "strong",
              "del",
              "table",
              "thead",
              "tbody",
              "tr",
              "th",
              "td",
              "a",
              "bdi")
          .addAttributes(":all", "dir")
          .addAttributes("ol", "start")
          .addAttributes("a", "href", "rel", "target")
          .addEnforcedAttribute("a", "rel", REL)
          .addEnforcedAttribute("a", "target", "_blank")
          .addProtocols("a", "href", "http", "https", "mailto")
          .preserveRelativeLinks(false);

  private Sanitizer() {}

  /// Markup that is safe.
  static SafeMarkup clean(String markup) {
    Document document = Jsoup.parseBodyFragment(markup);
    document.outputSettings().prettyPrint(false);
    Element body = document.body();
    body.select("img").forEach(Sanitizer::asSource);
    body.select("pre > code[class^=language-]").forEach(Sanitizer::sayLanguage);
    headings(body.select("h1, h2, h3, h4, h5, h6"));
    List<Element> links = body.select("a");
    for (Element element : body.getAllElements()) {
      bare(element);
    }
    links.forEach(Sanitizer::sayAddress);
    for (Element element : body.getAllElements()) {
      direct(element);
    }
    Document clean = new Cleaner(ALLOWED).clean(document);
    clean.outputSettings().prettyPrint(false);
    return new SafeMarkup(clean.body().html());
  }

  private static void asSource(Element image) {
    String title = image.attr("title").isEmpty() ? "" : " \"" + image.attr("title") + "\"";
    Element code = new Element("code");
    code.text("![" + image.attr("alt") + "](" + image.attr("src") + title + ")");
    image.replaceWith(code);
  }

  private static void sayLanguage(Element code) {
    String language = code.className().substring("language-".length());
    Element parent = code.parent();
    if (parent != null && !language.isBlank()) {
      parent.before(new Element("p").appendChild(new Element("code").text(language)));
    }
  }

  /// The page has headings above these. What a model wrote keeps its order of ranks, begins below
  /// them, and never skips a level on its way down.
  private static void headings(List<Element> headings) {
    List<String> ranks = headings.stream().map(Element::normalName).distinct().sorted().toList();
    int before = FIRST_HEADING - 1;
    for (Element heading : headings) {
      int wanted = FIRST_HEADING + ranks.indexOf(heading.normalName());
      int level = Math.min(Math.min(wanted, before + 1), 6);
      heading.tagName("h" + level);
      before = level;
    }
  }

  /// Keeps an address and a list's first number, and no other attribute.
  private static void bare(Element element) {
    String href = element.attr("href");
    String title = element.attr("title");
    String start = element.attr("start");
    element.clearAttributes();
    if (element.normalName().equals("a")) {
      element.attr("href", href).attr("title", title);
    } else if (element.normalName().equals("ol") && start.matches("[0-9]{1,9}")) {
      element.attr("start", start);
    }
  }

  /// Puts a link's address behind its words; what leads nowhere it may lead is no link.
  private static void sayAddress(Element link) {
    String href = link.attr("href");
    String title = link.attr("title");
    link.removeAttr("title");
    boolean leads = ADDRESS.matcher(href).matches();
    if (!link.text().strip().equals(href) || !title.isEmpty()) {
      String said = title.isEmpty() ? href : href + " \"" + title + "\"";
      link.after(new Element("bdi").attr("dir", "ltr").text("(" + said + ")"));
      link.after(" ");
    }
    if (!leads) {
      link.unwrap();
    }
  }

  private static void direct(Element element) {
    String name = element.normalName();
    if (name.equals("pre") || name.equals("code")) {
      element.attr("dir", "ltr");
    } else if (LEAVES.contains(name)) {
      element.attr("dir", "auto");
    } else if (HOLDERS.contains(name)) {
      element.attr("dir", Direction.of(prose(element)).name().toLowerCase(Locale.ROOT));
    }
  }

  /// The text of a block without its code, whose letters say nothing about the language around it.
  private static String prose(Element block) {
    List<Element> codes = new ArrayList<>(block.select("code"));
    if (codes.isEmpty()) {
      return block.text();
    }
    Element copy = block.clone();
    copy.select("code").remove();
    return copy.text();
  }
}
