/// The safetensors file format, in and out: a length, a JSON header, and the bytes of the tensors.
///
/// Files are mapped, so opening one of many gigabytes costs its header only. What the format
/// forbids (holes, overlaps, duplicate names, wrong sizes) is refused with file, offset and rule.
@NullMarked
package org.alignmentworkbench.model.safetensors;

import org.jspecify.annotations.NullMarked;
