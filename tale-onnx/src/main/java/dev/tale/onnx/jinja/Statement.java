package dev.tale.onnx.jinja;

import java.util.List;

/** What writes, or changes variables. */
@FunctionalInterface
interface Statement {
  /** How the statements after this one go on. */
  enum Flow {
    NEXT,
    CONTINUE,
    BREAK
  }

  Flow run(Scope scope, StringBuilder output);

  /** Statements one after the other. */
  static Statement sequence(List<Statement> statements) {
    return (scope, output) -> {
      for (Statement statement : statements) {
        Flow flow = statement.run(scope, output);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    };
  }
}
