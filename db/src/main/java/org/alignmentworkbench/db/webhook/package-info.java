/// Webhooks: who wants to hear of what, what is to be sent, and what came of it.
@NullMarked
package org.alignmentworkbench.db.webhook;

import org.jspecify.annotations.NullMarked;
