package dev.tale.onnx.jinja;

import java.util.List;

/** What a value is assigned to. */
interface Target {
  void set(Scope scope, Object value);

  /** Says which names are used. */
  void declare(Frames frames);

  /** A variable of the innermost scope. */
  record Variable(String name) implements Target {
    @Override
    public void set(Scope scope, Object value) {
      scope.rendering().produceList(1);
      scope.set(name, value);
    }

    @Override
    public void declare(Frames frames) {
      frames.store(name);
    }
  }

  /** An attribute of a namespace. */
  record Attribute(String namespace, String name) implements Target {
    @Override
    public void set(Scope scope, Object value) {
      if (!(Operators.requireDefined(scope.get(namespace)) instanceof Namespace target)) {
        throw new TemplateException(
            "'" + namespace + "' is no namespace, whose attributes can be set");
      }
      scope.rendering().produceList(1);
      target.values().put(name, value);
    }

    @Override
    public void declare(Frames frames) {
      frames.load(namespace);
    }
  }

  /** Several targets, each of one value of a sequence. */
  record Unpacked(List<Target> targets) implements Target {
    @Override
    public void set(Scope scope, Object value) {
      scope.rendering().work(value);
      List<Object> values = Sequences.of(Operators.requireDefined(value));
      if (values.size() != targets.size()) {
        throw new TemplateException(values.size() + " values for " + targets.size() + " variables");
      }
      for (int i = 0; i < values.size(); i++) {
        targets.get(i).set(scope, values.get(i));
      }
    }

    @Override
    public void declare(Frames frames) {
      targets.forEach(target -> target.declare(frames));
    }
  }
}
