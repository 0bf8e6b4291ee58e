/// What models reach on held-out prompts: the table of stages and the single answers.
@NullMarked
package org.alignmentworkbench.app.evaluation;

import org.jspecify.annotations.NullMarked;
