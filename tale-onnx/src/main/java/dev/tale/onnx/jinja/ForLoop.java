package dev.tale.onnx.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop. Each turn has variables of its own.
 *
 * @param line where it begins
 * @param target what each value is assigned to
 * @param sequence what it goes through
 * @param filter which values are taken; none takes all
 * @param body what is done with each
 * @param otherwise what is done where there are none
 */
record ForLoop(
    int line,
    Target target,
    Expression sequence,
    @Nullable Expression filter,
    Statement body,
    Statement otherwise)
    implements Statement {
  private static final String LOOP = "loop";

  @Override
  public Flow run(Scope scope, StringBuilder output) {
    scope.rendering().at(line);
    List<Object> values = values(scope);
    for (int i = 0; i < values.size(); i++) {
      Scope turn = turn(scope, values.get(i));
      turn.set(LOOP, new Loop(values, i));
      if (body.run(turn, output) == Flow.BREAK) {
        break;
      }
    }
    return values.isEmpty() ? otherwise.run(scope.inner(), output) : Flow.NEXT;
  }

  private List<Object> values(Scope scope) {
    Object gone = sequence.value(scope);
    List<Object> all = Sequences.of(gone);
    if (!(gone instanceof List)) {
      scope.rendering().produceList(all.size());
    }
    if (filter == null) {
      return all;
    }
    List<Object> taken = new ArrayList<>();
    for (Object value : all) {
      if (Operators.isTrue(filter.value(turn(scope, value)))) {
        taken.add(value);
      }
    }
    return taken;
  }

  private Scope turn(Scope scope, Object value) {
    scope.rendering().step();
    Scope turn = scope.inner();
    target.set(turn, value);
    return turn;
  }
}
