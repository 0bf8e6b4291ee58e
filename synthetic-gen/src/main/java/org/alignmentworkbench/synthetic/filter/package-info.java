/// The filter of the committee: an answer that a program can refute is not learned from.
@NullMarked
package org.alignmentworkbench.synthetic.filter;

import org.jspecify.annotations.NullMarked;
