import { ShieldAlert } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Message } from "../ui/message.tsx";

/** `login`: where the browser goes to add one. */
export function NoDirectors({ login }: { login: string }) {
  return (
    <Message
      icon={ShieldAlert}
      title="Nobody fetches for this corporation"
      actions={
        <Button asChild look="primary">
          <a href={login}>Add a director</a>
        </Button>
      }
    >
      Without a director's token only public facts can be refreshed.
    </Message>
  );
}
