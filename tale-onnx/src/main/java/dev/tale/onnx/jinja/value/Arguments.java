package dev.tale.onnx.jinja.value;

import java.util.List;
import java.util.Map;

/**
 * Arguments of a call of a function, filter, test or method.
 *
 * @param rendering where the call happens
 * @param name what is called, for messages
 * @param positional in order
 * @param named in order
 */
public record Arguments(
    Rendering rendering, String name, List<Object> positional, Map<String, Object> named) {

  /** Returns an argument by place or name, or else the default. */
  public Object get(int place, String parameter, Object otherwise) {
    if (place < positional.size()) {
      return positional.get(place);
    }
    return named.getOrDefault(parameter, otherwise);
  }

  /** Returns an argument that must be there. */
  public Object get(int place, String parameter) {
    if (place >= positional.size() && !named.containsKey(parameter)) {
      throw new TemplateException(name + " lacks its argument '" + parameter + "'");
    }
    return get(place, parameter, None.NONE);
  }

  String text(int place, String parameter) {
    return Texts.required(get(place, parameter), name);
  }

  int integer(int place, String parameter, int otherwise) {
    return Numbers.index(get(place, parameter, (long) otherwise));
  }

  /** Refuses arguments that would otherwise be ignored. */
  public Arguments only(String... parameters) {
    if (positional.size() > parameters.length) {
      throw new TemplateException(
          name + " has " + positional.size() + " arguments; at most " + parameters.length);
    }
    for (String key : named.keySet()) {
      if (!List.of(parameters).contains(key)) {
        throw TemplateException.unsupported("the argument '" + key + "' of " + name);
      }
    }
    return this;
  }

  /** Returns the arguments after the first, which are those of something else. */
  Arguments rest(String of) {
    return new Arguments(rendering, of, positional.subList(1, positional.size()), named);
  }
}
