/// What changed between two texts, word by word. Knows strings and nothing else.
@NullMarked
package org.alignmentworkbench.annotation.diff;

import org.jspecify.annotations.NullMarked;
