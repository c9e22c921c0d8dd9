export { Note, type NoteArgs } from "./note/note";
