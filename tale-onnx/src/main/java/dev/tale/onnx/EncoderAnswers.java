package dev.tale.onnx;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.session.Comparer;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.Replies;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.session.runtime.PlainSession;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Similarities. */
record EncoderAnswers(PairEncoder encoder, GatedSession session, Comparer comparer)
    implements Answers {

  @Override
  public Answer answer(Batch batch) {
    Replies replies = comparer.answer(encoder.encode(batch.requests()), batch.masks());
    return Answer.of(batch, replies.responses(), replies.cost());
  }

  @Override
  public List<List<Response>> respondScaled(
      List<Request> requests, List<ImmutableDoubleArray> gates) {
    return comparer.respondScaled(encoder.encode(requests), gates);
  }

  @Override
  public Response.Generation generate(
      Request.Generation request, LayerMask mask, TokenChoice choice, Consumer<String> listener) {
    throw new UnanswerableRequestException(
        0, "an encoder generates nothing; open a decoder, or ask for similarities");
  }

  /** An encoder reads texts, not prompts: no token of one predicts what follows. */
  @Override
  public Optional<HiddenStates> hiddenStates() {
    return Optional.empty();
  }

  @Override
  public Optional<StatesEverywhere> statesEverywhere() {
    return Optional.empty();
  }

  @Override
  public List<ImmutableLongArray> prompts(List<Request> requests) {
    return Comparer.sequences(encoder.encode(requests));
  }

  @Override
  public OutputComparison compare(
      List<Request> requests, LayerMask mask, List<LinearPatch> patches, PlainSession written) {
    return OutputComparison.ofHiddenStates(encoder.encode(requests), session, mask, written);
  }
}
