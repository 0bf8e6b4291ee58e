package org.alignmentworkbench.annotation.page;

import java.util.Set;

/// A link of the top bar. Each module contributes its rooms as beans.
///
/// @param key what a page passes to the layout as `active`
/// @param path where the link leads
/// @param word message key of its text
/// @param position order in the bar, small first
/// @param roles who sees it; the rule itself is enforced by the security configuration
public record Room(String key, String path, String word, int position, Set<String> roles) {
  public Room {
    roles = Set.copyOf(roles);
  }
}
