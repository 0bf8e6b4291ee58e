/// The job that compresses a policy and trains its recovery adapter, and how compressed models and
/// adapters are opened again as policies.
@NullMarked
package org.alignmentworkbench.app.compression.job;

import org.jspecify.annotations.NullMarked;
