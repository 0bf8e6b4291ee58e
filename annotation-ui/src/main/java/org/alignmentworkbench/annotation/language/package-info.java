/// The language of the pages: which there are, which one a reader gets, and how they choose.
@NullMarked
package org.alignmentworkbench.annotation.language;

import org.jspecify.annotations.NullMarked;
