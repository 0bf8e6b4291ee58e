/// Adapters on disk, in the layout of peft.
@NullMarked
package org.alignmentworkbench.model.lora;

import org.jspecify.annotations.NullMarked;
