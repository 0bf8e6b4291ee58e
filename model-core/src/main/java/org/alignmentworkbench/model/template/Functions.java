package org.alignmentworkbench.model.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.alignmentworkbench.model.template.Value.Arguments;

/// The functions a template can call by name.
final class Functions {
  /// Jinja's sandbox has the same bound.
  private static final int MAX_RANGE = 100_000;

  private Functions() {}

  static Value raise(Arguments arguments) {
    arguments.only("message");
    throw new TemplateException.Raised(
        Python.string(arguments.require(0, "message"), arguments.line()).toString());
  }

  static Value range(Arguments arguments) {
    arguments.only("start", "stop", "step");
    long[] bounds = new long[arguments.positional().size()];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Python.whole(arguments.positional().get(i), arguments.line());
    }
    if (bounds.length == 0) {
      throw TemplateException.at(arguments.line(), "range needs the argument stop");
    }
    long start = bounds.length == 1 ? 0 : bounds[0];
    long stop = bounds.length == 1 ? bounds[0] : bounds[1];
    long step = bounds.length == 3 ? bounds[2] : 1;
    if (step == 0) {
      throw TemplateException.at(arguments.line(), "the step of range must not be 0");
    }
    List<Value> items = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      if (items.size() == MAX_RANGE) {
        throw TemplateException.at(
            arguments.line(), "range must have at most " + MAX_RANGE + " items");
      }
      items.add(new Value.Whole(i));
    }
    return new Value.Sequence(items);
  }

  static Value namespace(Arguments arguments) {
    if (!arguments.positional().isEmpty()) {
      throw new TemplateException.Unsupported(arguments.line(), "positional argument of namespace");
    }
    return new Value.Namespace(new HashMap<>(arguments.named()));
  }
}
