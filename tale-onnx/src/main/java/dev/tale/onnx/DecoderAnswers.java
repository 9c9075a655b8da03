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
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.Replies;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.StateReader;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.session.runtime.PlainSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Log-likelihoods and generations. */
record DecoderAnswers(RequestEncoder encoder, GatedSession session, Responder responder)
    implements Answers {

  @Override
  public Answer answer(Batch batch) {
    Replies replies = responder.answer(encoder.encode(batch.requests()), batch.masks());
    return Answer.of(batch, replies.responses(), replies.cost());
  }

  @Override
  public List<List<Response>> respondScaled(
      List<Request> requests, List<ImmutableDoubleArray> gates) {
    return responder.respondScaled(scores(requests), gates);
  }

  private List<TokenRequest.Score> scores(List<Request> requests) {
    List<TokenRequest.Score> scores = new ArrayList<>();
    for (TokenRequest request : encoder.encode(requests)) {
      if (!(request instanceof TokenRequest.Score score)) {
        throw new UnanswerableRequestException(
            scores.size(),
            "nothing is generated while layers are scaled, for the caches go on in layers that add"
                + " all or nothing; ask for log-likelihoods");
      }
      scores.add(score);
    }
    return scores;
  }

  @Override
  public Response.Generation generate(
      Request.Generation request, LayerMask mask, TokenChoice choice, Consumer<String> listener) {
    TokenRequest encoded = encoder.encode(List.<Request>of(request)).get(0);
    return responder.answer((TokenRequest.Generate) encoded, mask, choice, listener);
  }

  @Override
  public Optional<HiddenStates> hiddenStates() {
    return Optional.of(new DecoderStates(encoder, new StateReader(session)));
  }

  @Override
  public Optional<StatesEverywhere> statesEverywhere() {
    return Optional.of(new StatesEverywhere(encoder, new StateReader(session)));
  }

  @Override
  public List<ImmutableLongArray> prompts(List<Request> requests) {
    return Responder.sequences(encoder.encode(requests));
  }

  @Override
  public OutputComparison compare(
      List<Request> requests, LayerMask mask, List<LinearPatch> patches, PlainSession written) {
    return OutputComparison.ofLogits(encoder.encode(requests), session, mask, patches, written);
  }
}
