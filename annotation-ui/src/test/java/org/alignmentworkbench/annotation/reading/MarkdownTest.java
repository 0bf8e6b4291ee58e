package org.alignmentworkbench.annotation.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class MarkdownTest {
  private static Element body(String text) {
    SafeMarkup markup = Markdown.of(text);
    assertThat(markup).as(text).isNotNull();
    return Jsoup.parseBodyFragment(markup.markup()).body();
  }

  @Test
  void lists_tables_code_and_emphasis_are_set() {
    Element body =
        body("**a** *b* ~~c~~\n\n1. x\n2. y\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n```\n<b>\n```\n");
    assertThat(body.select("p > strong").text()).isEqualTo("a");
    assertThat(body.select("p > em").text()).isEqualTo("b");
    assertThat(body.select("p > del").text()).isEqualTo("c");
    assertThat(body.select("ol > li").eachText()).containsExactly("x", "y");
    assertThat(body.select("thead th").eachText()).containsExactly("h", "i");
    assertThat(body.select("tbody td").eachText()).containsExactly("1", "2");
    assertThat(body.select("pre > code").text()).isEqualTo("<b>");
  }

  @Test
  void markup_in_a_text_is_text() {
    assertThat(body("Seen on <DATE-1> by <b>Ann</b>.").text())
        .isEqualTo("Seen on <DATE-1> by <b>Ann</b>.");
  }

  @Test
  void the_end_of_a_line_stays_one() {
    assertThat(body("one\ntwo").select("br")).hasSize(1);
  }

  @Test
  void formulas_keep_every_sign_of_theirs() {
    for (String formula :
        List.of("$a_1 * b_2$", "$$x_i \\le y_i$$", "\\(\\alpha_1\\)", "\\[ a * b * c \\]")) {
      assertThat(body("so " + formula + " holds").select("code").eachText())
          .containsExactly(formula);
    }
    assertThat(body("so\n\n$$\na_1\n# b\n- c\n$$\n\nholds").select("pre > code").text())
        .isEqualTo("$$\na_1\n# b\n- c\n$$");
    assertThat(body("\\[\nx\n= y \\]\n\n*z*").select("pre, em").eachText())
        .containsExactly("\\[\nx\n= y \\]", "z");
  }

  @Test
  void money_is_no_formula() {
    assertThat(body("It was $5, now it is $6.").select("code")).isEmpty();
    assertThat(body("From $5 to $10 *now*").select("em").text()).isEqualTo("now");
    assertThat(body("A \\$ and a $").text()).isEqualTo("A $ and a $");
  }

  @Test
  void a_link_shows_where_it_leads_and_tells_nothing() {
    Element body = body("[the report](https://example.org/a?b=c \"T\")");
    Element link = body.expectFirst("a");
    assertThat(link.attr("href")).isEqualTo("https://example.org/a?b=c");
    assertThat(link.attr("rel")).isEqualTo("noopener noreferrer nofollow ugc");
    assertThat(link.attr("target")).isEqualTo("_blank");
    assertThat(body.text()).isEqualTo("the report (https://example.org/a?b=c \"T\")");
    assertThat(body("<https://example.org/>").text()).isEqualTo("https://example.org/");
  }

  @Test
  void what_may_not_be_followed_is_text_with_its_address() {
    assertThat(body("[go](javascript:alert)").html())
        .isEqualTo("<p dir=\"auto\">go <bdi dir=\"ltr\">(javascript:alert)</bdi></p>");
    assertThat(body("[out](/sign-out)").select("a")).isEmpty();
  }

  @Test
  void an_image_is_the_text_that_would_have_loaded_it() {
    Element body = body("see ![a *cat*](https://example.org/cat.png \"T\")");
    assertThat(body.select("img")).isEmpty();
    assertThat(body.text()).isEqualTo("see ![a cat](https://example.org/cat.png \"T\")");
  }

  @Test
  void nothing_that_was_written_is_hidden() {
    assertThat(body("[a][r]\n\n[r]: https://example.org/ \"T\"").text())
        .contains("[r]: https://example.org/ \"T\"");
    assertThat(body("```python\nx\n```").text()).isEqualTo("python x");
  }

  @Test
  void headings_begin_below_the_pages_own_and_skip_no_level() {
    assertThat(body("### a\n\n# b\n\n### c\n\n###### d\n\n## e").select("h3, h4, h5, h6"))
        .extracting(Element::normalName)
        // Ranks 1, 2, 3, 6 are levels 3 to 6; the first may be at most one below the page's second.
        .containsExactly("h3", "h3", "h4", "h5", "h4");
  }

  @Test
  void each_block_says_its_direction_and_code_is_left_to_right() {
    Element body = body("مرحبا\n\nhello\n\n- שלום\n- abc\n\n`x` قال\n\n```\nعدد = 1\n```");
    assertThat(body.select("p").eachAttr("dir")).containsOnly("auto");
    assertThat(body.select("li").eachAttr("dir")).containsOnly("auto");
    assertThat(body.expectFirst("ul").attr("dir")).isEqualTo("rtl");
    assertThat(body.select("pre, code").eachAttr("dir")).hasSize(3).containsOnly("ltr");
    assertThat(body("- `x` قال").expectFirst("ul").attr("dir")).isEqualTo("rtl");
    assertThat(body("> 1. abc").expectFirst("blockquote").attr("dir")).isEqualTo("ltr");
  }

  @Test
  void the_first_letter_with_a_direction_decides() {
    assertThat(Direction.of("12, (مرحبا) hello")).isEqualTo(Direction.RTL);
    assertThat(Direction.of("… hello שלום")).isEqualTo(Direction.LTR);
    assertThat(Direction.of("123")).isEqualTo(Direction.LTR);
  }

  @Test
  void what_would_not_be_seen_or_has_no_end_is_shown_as_it_is() {
    assertThat(Markdown.of("  \n ")).isNull();
    assertThat(Markdown.of("x".repeat(Markdown.LONGEST + 1))).isNull();
    // Each of these is nested as deep as it is long; none may cost the page.
    for (String deep : List.of(">", "- ", "*a ", "[", "![", "`", "$", "\\(", "<a ", "~~")) {
      SafeMarkup markup = Markdown.of(deep.repeat(20_000 / deep.length()));
      assertThat(markup == null || !markup.markup().isBlank()).as(deep).isTrue();
    }
  }

  @Test
  void an_answer_of_one_sign_is_shown() {
    assertThat(body("😀").text()).isEqualTo("😀");
    assertThat(body("#").html()).isNotBlank();
  }
}
