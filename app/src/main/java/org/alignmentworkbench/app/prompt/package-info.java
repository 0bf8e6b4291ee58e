/// The prompts with what was answered and judged.
@NullMarked
package org.alignmentworkbench.app.prompt;

import org.jspecify.annotations.NullMarked;
