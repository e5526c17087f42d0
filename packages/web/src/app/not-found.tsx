import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Message } from "../ui/message.tsx";
import { usePageTitle } from "../ui/page-title.ts";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <Message
      icon={SearchX}
      title="There is nothing at this address"
      className="py-28"
      actions={
        <Button asChild>
          <Link to="/">Go to the start</Link>
        </Button>
      }
    >
      The link may be old, or none of your characters can see what it leads to.
    </Message>
  );
}
