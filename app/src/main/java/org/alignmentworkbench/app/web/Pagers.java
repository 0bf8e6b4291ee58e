package org.alignmentworkbench.app.web;

import java.util.function.ToLongFunction;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Pager;
import org.alignmentworkbench.annotation.page.Shown;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The ways on from a part of a list whose newest rows come first: to what is older, and back to
/// the newest.
@Component
public final class Pagers {
  private final Formats formats;
  private final Words words;

  Pagers(Formats formats, Words words) {
    this.formats = formats;
    this.words = words;
  }

  /// @param address of the list, without a query
  /// @param parameter that asks for what is older than a row's number
  /// @param before what was asked for; `Long.MAX_VALUE` for the newest
  /// @param anchor where on the page the list stands, with `#`; empty for its top
  /// @return null where everything is on this page
  public <T> @Nullable Pager of(
      String address,
      String parameter,
      long before,
      Shown<T> shown,
      ToLongFunction<T> number,
      String anchor) {
    Pager pager =
        new Pager(
            before == Long.MAX_VALUE ? null : address + anchor,
            shown.more()
                ? address
                    + "?"
                    + parameter
                    + "="
                    + number.applyAsLong(shown.rows().getLast())
                    + anchor
                : null,
            words.of("runs.shown", formats.number(shown.rows().size())));
    return pager.needed() ? pager : null;
  }
}
