/// The token view: what a model reads and what it is trained to say, token by token.
@NullMarked
package org.alignmentworkbench.app.token;

import org.jspecify.annotations.NullMarked;
