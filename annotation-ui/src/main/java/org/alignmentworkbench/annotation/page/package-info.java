/// The web kit every page shares: the shell around a page, the small view records its fragments
/// show, formatting of figures and times, and what a script is told when a session has ended.
@NullMarked
package org.alignmentworkbench.annotation.page;

import org.jspecify.annotations.NullMarked;
