/** Empty places explain what to do next. */

import { h } from "./dom.js";
import { isBotChat, isStranger, isTopicGone, openThread, store } from "./store.js";

/** What stands where messages would, or null where there are some. */
export function hintFor() {
  const { place, chat, thread } = store;
  if (place.chat === null)
    return empty(
      "Choose a chat",
      "Open the chat with Jarvis, or a group on the left, to see what people and Jarvis write there.",
    );
  if (isStranger())
    return empty(
      "This chat is closed to you",
      "You are not a member of it, or it is gone. Choose another chat, or be somebody else.",
    );
  if (openThread() === undefined)
    return empty(
      "Choose a topic",
      "In a branch’s group every car has a topic; in a person’s group every client has one.",
    );
  if (isTopicGone())
    return empty("This topic was deleted", "Its messages are gone for everybody. Choose another topic on the left.");
  if (!thread.loaded || thread.messages.length > 0) return null;
  if (isBotChat())
    return empty(
      "What can Jarvis do?",
      "Jarvis opens topics for cars and clients, guides hand-overs and returns, and answers questions. Press Start to introduce yourself.",
    );
  if (chat?.is_forum) return empty("Nothing here yet", "Write the first message of this topic below.");
  return empty("No messages yet", "Write the first one below; everyone in the group will see it at once.");
}

const empty = (title, words) => h("div", { class: "empty" }, h("strong", {}, title), h("p", {}, words));
