# The functions below share the variables of _imsctl. What imsctl prints goes
# through printf %q, as a process may have any name, and never through
# compgen -W, which would expand it.

_imsctl_ask()
{
	"$imsctl" "$@" 2>/dev/null </dev/null
}

# What there is, in the capture that is looked at, if there is one.
_imsctl_list()
{
	_imsctl_ask list ${input:+--input "${input/#~\//$HOME/}"} --noheadings "$@"
}

# Lines of stdin that begin with $1, behind $2.
_imsctl_offer()
{
	local line
	while IFS= read -r line; do
		[[ -n $line && $line != - && $line == "$1"* ]] || continue
		printf -v line %q "$line"
		COMPREPLY+=("$2$line")
	done
}

# The same for the last value of a list.
_imsctl_offer_list()
{
	local before=
	if [[ $1 == *,* ]]; then
		before=${1%,*},
	elif [[ $1 == +* ]]; then
		before=+
	fi
	compopt -o nospace 2>/dev/null
	_imsctl_offer "${1#"$before"}" "$before"
}

# Options that say which table a command is about.
_imsctl_tables()
{
	local word before=
	for word in "${words[@]}"; do
		[[ $before != --by ]] || echo "--by=$word"
		case $word in
		--store | --stores | --closed | --vectors | --by=*) echo "$word" ;;
		esac
		before=$word
	done
}

# "-o help" knows which columns the command has, and asks no kernel. Arguments
# that are still to come do not matter.
_imsctl_columns()
{
	local -a tables
	local line
	mapfile -t tables < <(_imsctl_tables)
	while IFS= read -r line; do
		[[ $line == ' '* ]] || continue
		line=${line:3}
		echo "${line%% *}"
	done < <(_imsctl_ask $command "${tables[@]}" -o help -- "${arguments[@]}")
}

_imsctl_device()
{
	_imsctl_list -o name
}

_imsctl_name()
{
	if [[ $(_imsctl_tables) == *--store* ]]; then
		_imsctl_list --stores -o name
	else
		_imsctl_device
	fi
}

_imsctl_owner()
{
	_imsctl_list -o pid
	_imsctl_list -o comm
}

_imsctl_parent()
{
	_imsctl_list --stores -o name
}

# Of the device, which is the last argument so far.
_imsctl_vector()
{
	local number
	while read -r number; do
		echo "$number"
	done < <(_imsctl_list -o vector -- "${arguments[-1]}")
}

# A list of them, which may be a word.
_imsctl_vectors()
{
	_imsctl_vector
	[[ $1 == *,* ]] || echo all
}

_imsctl_cookies()
{
	_imsctl_vectors "$1"
	[[ $1 == *,* ]] || echo default
}

_imsctl_file()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

# A word that begins with $1, of the kind that the rest says.
_imsctl_complete()
{
	local part=$1 kind=${2-@any}
	shift $(($# < 2 ? $# : 2))
	case $kind in
	@words) _imsctl_offer "$part" < <(printf '%s\n' "$@") ;;
	@list) _imsctl_offer_list "$part" < <(printf '%s\n' "$@") ;;
	@columns | @owner | @parent) _imsctl_offer_list "$part" < <("_imsctl_${kind#@}") ;;
	@vectors | @cookies) _imsctl_offer_list "$part" < <("_imsctl_${kind#@}" "$part") ;;
	@file) _imsctl_file -f "$part" ;;
	@directory) _imsctl_file -d "$part" ;;
	@any) ;;
	*) _imsctl_offer "$part" < <("_imsctl_${kind#@}") ;;
	esac
}

_imsctl()
{
	local imsctl=${COMP_WORDS[0]} verb= command option= input= word part cut i
	local -a words=() arguments=()
	COMPREPLY=()

	# Readline splits words at ":" and "=", which addresses and options have.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((${#words[@]})) && [[ $word == [:=]* || ${COMP_WORDS[i - 1]} == *[:=] ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	part=${words[-1]}
	unset 'words[-1]'

	for word in "${words[@]}"; do
		if [[ -n $option ]]; then
			[[ $option != --input ]] || input=$word
			option=
		elif [[ $word == -* ]]; then
			[[ $word != --input=* ]] || input=${word#*=}
			! _imsctl_value "$word" >/dev/null || option=$word
			# It stands for the command.
			[[ -n $verb || $word != --batch?(=*) ]] || verb=--batch
		elif [[ -z $verb ]]; then
			# What follows "help" is a command.
			[[ $word == help ]] || verb=$word
		else
			arguments+=("$word")
		fi
	done

	# The command that is asked about is the verb, or the verb and its action.
	command=$verb
	for word in $(_imsctl_actions "$verb"); do
		if [[ ${arguments[0]-} == "$word" ]]; then
			command+=" $word"
			arguments=("${arguments[@]:1}")
			break
		fi
	done

	cut=
	if [[ -n $option ]]; then
		_imsctl_complete "$part" $(_imsctl_value "$option")
	elif [[ $part == --*=* ]]; then
		cut=${part%%=*}=
		_imsctl_complete "${part#*=}" $(_imsctl_value "${part%%=*}")
		[[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/$cut}")
	elif [[ $part == -* ]]; then
		_imsctl_complete "$part" @words $(_imsctl_options "$command")
	elif [[ -z $verb ]]; then
		_imsctl_complete "$part" @command
	else
		((${#arguments[@]})) || [[ $command != "$verb" ]] ||
			_imsctl_complete "$part" @words $(_imsctl_actions "$verb")
		_imsctl_complete "$part" $(_imsctl_argument "$command" "${#arguments[@]}")
		# It may be the file at once.
		[[ $verb:${#arguments[@]} != apply:0 || -n $COMPREPLY ]] || _imsctl_file -f "$part"
	fi

	# What stands before a ":" is no part of the word to readline.
	if [[ $COMP_WORDBREAKS == *:* && ${part#"$cut"} == *:* ]]; then
		part=${part#"$cut"}
		COMPREPLY=("${COMPREPLY[@]#"${part%:*}":}")
	fi
}

complete -F _imsctl imsctl
